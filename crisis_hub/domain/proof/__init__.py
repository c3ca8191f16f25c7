"""The proof: every combination of answers is walked, and what must hold for each of them is shown or refuted.

How so many combinations can be walked. A set of combinations is one whole number with a bit for each of them
(`space`), so that one instruction speaks of sixty-four at a time. A condition is never read, only asked: once for
every combination of its own few names (`judging`). An instrument becomes the sets of answers that reach each level
(`inside`). To a rule, an instrument is only the few facts that the rule looks at, so a rule is walked over the
distinct outcomes of its instruments (`outcomes`, `world`), never over all their answers at once.

What is left out, and why nothing is lost:

* Answers that no condition can tell apart are walked as one, with the status (answered, dodged, absent) kept apart.
* Questions that count only by their points, and count alike, are walked by how many of them got which answer.
* A rule that does not look at an instrument says the same before and after a change of its answers, so for a change
  only the rules that look at it are walked. What a set of readings calls for is the union of what each calls for:
  when none of them alone loses anything, the union loses nothing. Where one alone does, it is walked together with
  those that could make up for it.
* `case.risk` is walked as a free fact, in which every reading must be monotone too; so what follows when one rule
  raises the risk that another looks at is monotone as well.

Nothing is printed as a counter-example that the real judge does not confirm.
"""
