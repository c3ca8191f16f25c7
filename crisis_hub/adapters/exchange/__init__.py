"""What goes to other systems, in the forms they know."""
