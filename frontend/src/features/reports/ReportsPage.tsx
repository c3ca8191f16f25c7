// How it went: how soon pages were taken, by hour and by person, and who carried how much. Each plot has its table.
import { useState } from "react";
import type { OnCallReport, PageReport } from "../../api/types";
import { useFetch } from "../../api/useFetch";
import { useLive, useNow } from "../../live/context";
import { Refused } from "../../ui/Refused";
import { span } from "../../ui/time";
import { useWords } from "../../ui/words";
import { placeOf } from "../../ui/zone";
import { Plot } from "./Plot";
import { Table } from "./Table";
import { hours, perHour } from "./plots";

const DAY = 86_400_000;
const PERIODS = [7, 28, 91] as const;

export function ReportsPage() {
  const w = useWords();
  const now = useNow();
  const { picture } = useLive();
  const [days, setDays] = useState<(typeof PERIODS)[number]>(28);
  // Whole hours, so that the figures stay still under the eyes.
  const to = Math.ceil(now / 3_600_000) * 3_600_000;
  const period = `from=${iso(to - days * DAY)}&to=${iso(to)}`;
  const pages = useFetch<PageReport>(`/api/reports/pages?${period}`);
  const onCall = useFetch<OnCallReport>(`/api/reports/on-call?${period}`);
  return (
    <main className="page" id="reports">
      <header>
        <div>
          <h1>{w.reports.title}</h1>
          <p className="second">{w.reports.lastDays(days, picture?.service.drill ?? false)}</p>
        </div>
        <div className="row" role="group" aria-label={w.reports.period}>
          {PERIODS.map((one) => (
            <button key={one} type="button" className="button" aria-pressed={days === one} onClick={() => setDays(one)}>
              {w.reports.days(one)}
            </button>
          ))}
        </div>
      </header>
      <Refused problem={pages.problem ?? onCall.problem} />
      {pages.found ? <Pages of={pages.found} csv={`/api/reports/pages?${period}&as=csv`} /> : !pages.problem && <p role="status">{w.loading}</p>}
      {onCall.found && <OnCall of={onCall.found} csv={`/api/reports/on-call?${period}&as=csv`} />}
    </main>
  );
}

const iso = (at: number) => encodeURIComponent(new Date(at).toISOString());
const seconds = (value: number | null) => (value === null ? "–" : span(value * 1000));

function Pages({ of, csv }: { of: PageReport; csv: string }) {
  const w = useWords();
  const byHour = perHour(of.by_hour);
  return (
    <>
      <section aria-labelledby="h-taken">
        <div className="section-head">
          <h2 id="h-taken">{w.reports.toTaken}</h2>
          <a href={csv} download>
            {w.reports.csv}
            <span className="sr"> {w.reports.toTaken}</span>
          </a>
        </div>
        <dl className="figures">
          <Figure name={w.reports.calls} value={String(of.ladders.started)} />
          <Figure name={w.reports.half} value={seconds(of.ladders.median_seconds)} />
          <Figure name={w.reports.nine} value={seconds(of.ladders.p90_seconds)} />
          <Figure name={w.reports.nobodyTook} value={String(of.ladders.never_taken)} />
        </dl>
        {of.pages > 0 && <p className="second">{w.reports.pagesOut(of.pages, of.taken)}</p>}
      </section>
      {of.pages === 0 ? (
        <p>{w.reports.noPages}</p>
      ) : (
        <div className="plots">
          <Plot
            id="count"
            title={w.reports.perHour}
            sentence={w.reports.perHourSays(of.pages, of.never_taken)}
            bars={byHour.map((one) => ({ hour: one.hour, value: one.pages, strong: one.never_taken }))}
            say={String}
            key1={w.reports.neverKey(placeOf(of.timezone))}
          >
            <Table caption={w.reports.perHour} heads={[w.reports.hour, w.reports.pages, w.reports.taken, w.reports.never]} rows={of.by_hour.map((one) => [hourWords(one.hour), one.pages, one.taken, one.never_taken])} />
          </Plot>
          <Plot
            id="time"
            title={w.reports.timeByHour}
            sentence={w.reports.timeSays(seconds(of.median_seconds), seconds(of.p90_seconds))}
            bars={byHour.map((one) => ({ hour: one.hour, value: one.median_seconds ?? 0, tick: one.p90_seconds ?? undefined }))}
            say={(value) => seconds(value)}
            key1={w.reports.nineKey(placeOf(of.timezone))}
          >
            <Table caption={w.reports.timeByHour} heads={[w.reports.hour, w.reports.half, w.reports.nine]} rows={of.by_hour.map((one) => [hourWords(one.hour), seconds(one.median_seconds), seconds(one.p90_seconds)])} />
          </Plot>
        </div>
      )}
      {of.by_person.length > 0 && (
        <section aria-labelledby="h-person">
          <div className="section-head">
            <h2 id="h-person">{w.reports.byPerson}</h2>
          </div>
          <Table
            caption={w.reports.byPerson}
            heads={[w.reports.person, w.reports.pages, w.reports.taken, w.reports.half, w.reports.nine]}
            rows={of.by_person.map((one) => [one.person.name, one.pages, one.taken, seconds(one.median_seconds), seconds(one.p90_seconds)])}
          />
        </section>
      )}
    </>
  );
}

const hourWords = (hour: number) => `${String(hour).padStart(2, "0")}:00`;

function OnCall({ of, csv }: { of: OnCallReport; csv: string }) {
  const w = useWords();
  return (
    <section aria-labelledby="h-carried">
      <div className="section-head">
        <h2 id="h-carried">{w.reports.carried}</h2>
        <a href={csv} download>
          {w.reports.csv}
          <span className="sr"> {w.reports.carried}</span>
        </a>
      </div>
      {of.people.length > 0 && <p className="second">{w.reports.asToday}</p>}
      {of.people.length === 0 ? (
        <p className="second">{w.reports.nobodyCarried}</p>
      ) : (
        <Table
          caption={w.reports.carried}
          heads={[w.reports.person, w.reports.rota, w.reports.hours, w.reports.nights, w.reports.weekends, w.reports.holidays, w.reports.wakes]}
          rows={of.people.map((one) => [one.person.name, one.rota, hours(one.hours), one.nights, one.weekends, one.holidays, one.wakes])}
        />
      )}
    </section>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
