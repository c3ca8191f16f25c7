// Four numbers, each with the figure that tells whether it is much.
import { running } from "../../live/cases";
import { useNow, useStale } from "../../live/context";
import type { Picture } from "../../live/reduce";
import { since } from "../../ui/time";
import { useWords } from "../../ui/words";

export function Numbers({ picture }: { picture: Picture }) {
  const w = useWords();
  const now = useNow();
  const stale = useStale();
  const { service } = picture;
  const responders = service.at_work.filter((one) => one.roles.includes("responder"));
  const free = responders.filter((one) => one.busy_with.length === 0).length;
  const oldest = [...picture.cases.values()].flatMap(running).sort((a, b) => a.started_at.localeCompare(b.started_at))[0];
  return (
    <ul className={stale ? "numbers stale" : "numbers"}>
      <Figure
        number={service.waiting}
        name={w.board.waiting}
        more={service.longest_wait_since ? w.board.longest(since(service.longest_wait_since, now)) : w.board.nobodyWaits}
      />
      <Figure
        number={service.high + service.imminent}
        name={w.board.highOrImminent}
        more={w.board.ofOpen(service.imminent, service.high, service.open)}
      />
      <Figure number={free} name={w.board.free} more={w.board.ofAtWork(responders.length)} />
      <Figure
        number={service.pages_open}
        name={w.board.pagesNotTaken}
        more={
          service.pages_open > 0 && service.oldest_page_since
            ? w.board.oldest(since(service.oldest_page_since, now), oldest?.step ?? 0, oldest?.steps.length ?? 0)
            : w.board.everyPageTaken
        }
      />
    </ul>
  );
}

function Figure({ number, name, more }: { number: number; name: string; more: string }) {
  return (
    <li>
      <span className="big num">{number}</span>
      <div>
        <h2>{name}</h2>
        <p className="num-wrap">{more}</p>
      </div>
    </li>
  );
}
