export const duties = {
  // What is owed
  title: "Still owed",
  nothing: "Nothing is owed.",
  line: (n: number) => (n === 1 ? "1 thing is still owed" : `${n} things are still owed`),
  goThere: "Go to what is owed",
  consentFirst: "Ask for the person's consent first.",
  decide: "Nothing is called by itself. A person decides.",
  needed: "Needed before the case can be closed.",
  outlives: "Stays owed after the case is closed.",
  due: (left: string, at: string) => `Due in ${left}, at ${at}`,
  overdue: (late: string, at: string) => `Overdue for ${late}, since ${at}`,
  hours: (h: number, m: number) => (m === 0 ? `${h} h` : `${h} h ${m} min`),
  minutes: (m: number) => `${m} min`,
  noDue: "No due time is known",
  rule: (name: string) => `Rule ${name}`,
  byItself: "Ends by itself once it is answered.",
  askNow: "Ask now",
  openRecord: "Open the record",
  doneButton: "Done…",
  notDone: "Not to be done…",
  seen: "Seen",

  // Saying what became of it
  doneTitle: (title: string) => `Done: ${title}`,
  notDoneTitle: (title: string) => `Not to be done: ${title}`,
  whatWasDone: {
    emergency: "Which service was called, by whom, and when",
    consult: "Who was consulted, and what they said",
    means_safety: "What was done about the means",
    reason: "Your reason",
    ask: "What was found",
    report: "Who was told, and when",
    follow_up: "How it went",
    notify: "What you did",
  },
  mayStayEmpty: "(may stay empty)",
  whyNot: "Why it shall not be done",
  secondHint: "One person alone cannot decide this: a second one must agree. Until then it is still owed.",
  wordsNeeded: "Say it in a few words.",
  save: "Save",
  propose: "Propose not to do it",
  agree: "Agree, with your reason…",
  agreeNow: "Agree: it shall not be done",
  whyAgree: "Why you agree",
  would: (name: string) => `${name} would not do this`,
  youWould: "You would not do this",
  waitsForSecond: "A second person must agree: a clinician, a supervisor or the clinical lead.",
  agreeQuestion: "Do you agree?",

  // What is over
  settled: (n: number) => `Done or declined, ${n}`,
  met: "done",
  declined: "not to be done",
  byWhom: (name: string) => `by ${name}`,
  byTwo: (name: string, second: string) => `by ${name} and ${second}`,
  itself: "by itself",

  // Closing
  holdsOpen: (n: number) =>
    n === 1
      ? "One thing is still owed. Do it, or say why not, before the case can be closed:"
      : `${n} things are still owed. Do them, or say why not, before the case can be closed:`,

  // On the board
  overdueNeed: (n: number) => (n === 1 ? "Something owed is overdue" : `${n} things owed are overdue`),

  // Versions
  judgedWith: (version: string) => `This case was judged with rules version ${version}; another one is in force now.`,
  caseRules: (version: string) => `Rules version ${version}.`,
};

export const records = {
  open: "Records",
  title: "Records of this case",
  close: "Close the records",
  decidesNothing: "What is written here is kept and routed. The software decides nothing and sends nothing.",
  jurisdiction: (name: string) => `Law of this place: ${name}.`,
  noJurisdiction: "No jurisdiction is chosen: due times are not known.",
  forms: "Forms",
  noForms: "There is no form in the rules folder.",
  notBegun: "not begun",
  begun: (left: number) => (left === 1 ? "1 needed field is empty" : `${left} needed fields are empty`),
  complete: "complete",
  needed: "needed",
  neededHint: "Each field is saved by itself when you leave it.",
  nothingChosen: "Not said",
  source: (words: string) => `Source: ${words}`,
  saving: "saving",
  savedAt: (time: string) => `saved ${time}`,
  notSaved: "not saved",
  notYet: "not saved yet",
  again: "Try again",
  readOnly: "You read along. Only who works on this case fills this in.",

  // From outside
  outside: "Results from outside",
  outsideHint: "A tool that is not asked here, rated by somebody who may use it. It is kept as it was given.",
  instrument: "Tool",
  choose: "Choose",
  value: "Result",
  ratedBy: "Rated by",
  ratedOn: "Rated on",
  document: "Where the document is",
  words: "In words",
  headings: (names: string) => `Headings: ${names}.`,
  optional: "(may stay empty)",
  keep: "Keep this result",
  kept: "Kept so far",
  noneKept: "Nothing was kept yet.",
  keptBy: (name: string, time: string) => `kept by ${name}, ${time}`,
  missing: "Choose the tool, and say who rated it and when.",
  noTools: "No tool from outside is named in the rules folder.",
};
