// Who is on call, and who is at work. A rota without anybody is the one thing here that is red.
import type { OnCall, Service, Staff } from "../../api/types";
import type { Picture } from "../../live/reduce";
import { useNow, useStale } from "../../live/context";
import { useLanguage } from "../../ui/choice";
import { Mark } from "../../ui/Mark";
import { dayAndTime, since } from "../../ui/time";
import { useWords } from "../../ui/words";

export function People({ picture }: { picture: Picture }) {
  const w = useWords();
  const stale = useStale();
  const staff = picture.service.at_work;
  const answer = (one: Staff) => one.roles.includes("responder");
  const free = staff.filter((one) => answer(one) && one.busy_with.length === 0);
  const busy = staff.filter((one) => one.busy_with.length > 0);
  const others = staff.filter((one) => !answer(one) && one.busy_with.length === 0);
  return (
    <aside className={stale ? "people stale" : "people"} aria-labelledby="h-people">
      <div className="section-head">
        <h2 id="h-people">{w.board.people}</h2>
        <span className="meta">{w.board.atWork(staff.length)}</span>
      </div>
      <h3>{w.board.onCall}</h3>
      <ul>
        {picture.on_call.map((one) => (
          <Rota key={one.rota} of={one} />
        ))}
      </ul>
      <Watch service={picture.service} />
      <Group title={w.board.freePeople} staff={free} />
      <Group title={w.board.busy} staff={busy} />
      <Group title={w.board.others} staff={others} />
      <p className="meta sign-off">
        {w.rulesInForce(picture.service.rules_version)} {w.signOff(picture.service.sign_off)}
      </p>
    </aside>
  );
}

function Rota({ of }: { of: OnCall }) {
  const w = useWords();
  const language = useLanguage();
  const now = useNow();
  const more = [
    of.until ? w.board.untilTime(dayAndTime(of.until, now, language)) : "",
    of.next.length > 0 ? w.board.thenWho(of.next.map((one) => one.name).join(", ")) : "",
    // Where something is missing, it stands in full under what needs somebody.
    of.lacking ? "" : (of.trouble ?? ""),
  ].filter(Boolean);
  return (
    <li>
      {of.people.length > 0 && !of.by_last_resort ? (
        <b>{of.people.map((one) => one.name).join(", ")}</b>
      ) : (
        <b>
          <Mark shape="nobody" /> {of.people.length > 0 ? w.rota.lastResortOnly(of.people.map((one) => one.name).join(", ")) : w.board.nobody}
        </b>
      )}
      <a href={`/rota/${encodeURIComponent(of.rota)}`}>{of.rota}</a>
      {more.length > 0 && <span className="meta">{more.join("; ")}</span>}
    </li>
  );
}

/** Whether a page would get through: when the last test page was answered, and what is missing in the next two weeks. */
function Watch({ service }: { service: Service }) {
  const w = useWords();
  const { coverage } = service;
  return (
    <ul className="watch">
      <Flown canary={service.canary} name={w.board.canary} />
      <Flown canary={service.canary_call} name={w.board.canaryCall} />
      <li>
        <span>{w.board.coverage}</span>
        <a href="/rota" className={coverage.whole ? "" : "strong"}>
          {coverage.whole ? w.board.whole : w.board.lacks(coverage.findings)}
        </a>
      </li>
    </ul>
  );
}

/** A test page or a test call of our own: how long ago it was answered. */
function Flown({ canary, name }: { canary: Service["canary"]; name: string }) {
  const w = useWords();
  const now = useNow();
  if (!canary) return null;
  const ago = canary.answered_at ? since(canary.answered_at, now) : null;
  return (
    <li>
      <span>{name}</span>
      <span className={canary.late ? "strong num" : "num"}>
        {canary.late && <Mark shape="nobody" />} {ago === null ? w.board.canaryNever : canary.late ? w.board.canaryLate(ago) : w.board.canaryOk(ago)}
      </span>
    </li>
  );
}

function Group({ title, staff }: { title: string; staff: Staff[] }) {
  const w = useWords();
  if (staff.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul>
        {staff.map((one) => (
          <li key={one.id}>
            <b>{one.name}</b>
            <span className="num">{one.busy_with.length > 0 ? w.board.casesCount(one.busy_with.length) : ""}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
