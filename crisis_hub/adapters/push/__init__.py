"""Messages to browsers that a member of staff allowed to wake them."""
