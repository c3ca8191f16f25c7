// What was said, oldest first. Under each word of ours stands how far it got, as the carrier acknowledged it.
import type { CaseDetail, Message, Person } from "../../api/types";
import { hourMinute } from "../../ui/time";
import { useWords } from "../../ui/words";

export function Talk({ detail, me }: { detail: CaseDetail; me: Person }) {
  const w = useWords();
  const count = detail.messages.length;

  return (
    <>
      <div className="head talk-head">
        <h2 id="h-talk">{w.case.talk}</h2>
      </div>
      {/* In the wide frame the box is laid out from its end, so the newest stays in view until somebody scrolls up. */}
      <div className="talk-scroll" role="log" aria-label={w.case.messages} tabIndex={0}>
        {count === 0 ? (
          <p className="second">{detail.channel === "voice" ? w.case.callOnly : w.case.noMessages}</p>
        ) : (
          <ol className="talk">
            {detail.messages.map((message) => (
              <Line key={message.id} message={message} me={me} language={detail.language} />
            ))}
          </ol>
        )}
      </div>
    </>
  );
}

function Line({ message, me, language }: { message: Message; me: Person; language: string }) {
  const w = useWords();
  const when = hourMinute(message.at);
  if (message.author === "person") {
    return (
      <li className="theirs">
        <span className="sr">{w.case.them}:</span>
        <div className="words" lang={language}>
          {message.text}
        </div>
        <span className="meta num">{when}</span>
      </li>
    );
  }
  const author = message.author === "line" ? w.case.line : message.author === me.id ? w.you : message.author_name;
  return (
    <li className={message.state === "failed" ? "ours not-delivered" : "ours"}>
      <div className="words" lang={language}>
        {message.text}
      </div>
      <span className="meta num">{[author, when, stateWords(message, w)].filter(Boolean).join(", ")}</span>
    </li>
  );
}

export function stateWords(message: Pick<Message, "state" | "detail">, w: ReturnType<typeof useWords>): string {
  switch (message.state) {
    case "received":
      return w.case.stateReceived;
    case "planned":
      return w.case.statePlanned;
    case "sent":
      return w.case.stateSent;
    case "delivered":
      return w.case.stateDelivered;
    case "failed":
      return w.case.stateFailed(message.detail);
    case "unknown":
      return w.case.stateUnknown;
  }
}
