// The address under which a calendar program reads one's shifts. Whoever has it can read them, and that is said.
import { useState } from "react";
import { useFetch } from "../../api/useFetch";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../ui/words";

export function CalendarLink() {
  const w = useWords();
  const [open, setOpen] = useState(false);
  return (
    <section aria-labelledby="h-calendar">
      <div className="section-head">
        <h2 id="h-calendar">{w.reach.calendar}</h2>
      </div>
      <p className="second">{w.reach.calendarHint}</p>
      {open ? (
        <Link />
      ) : (
        <div className="row">
          <button type="button" className="button" onClick={() => setOpen(true)}>
            {w.reach.calendarShow}
          </button>
        </div>
      )}
    </section>
  );
}

function Link() {
  const w = useWords();
  const { found, problem } = useFetch<{ url: string }>("/api/me/calendar");
  const [copied, setCopied] = useState(false);

  async function copy(url: string) {
    try {
      await navigator.clipboard.writeText(url);
      setCopied(true);
    } catch {
      // Browsers allow it only behind TLS; the address stands there to be copied by hand.
      setCopied(false);
    }
  }

  return (
    <>
      <Refused problem={problem} />
      {found && (
        <div className="link-box">
          <div className="field">
            <label htmlFor="calendar-link">{w.reach.calendarAddress}</label>
            <input id="calendar-link" className="input" readOnly value={found.url} onFocus={(event) => event.target.select()} />
          </div>
          <button type="button" className="button" onClick={() => void copy(found.url)}>
            {copied ? w.reach.copied : w.reach.copy}
          </button>
        </div>
      )}
    </>
  );
}
