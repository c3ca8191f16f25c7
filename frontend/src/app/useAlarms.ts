// What rings, until it was seen. Each sound has its line in the top bar; without sound the line stands alone.
import { useCallback, useEffect, useRef, useState } from "react";
import type { Person } from "../api/types";
import { type Alarm, newAlarms } from "../live/alarms";
import { useLive } from "../live/context";
import { announce, announceNow } from "../ui/announce";
import { allowSound, play } from "../ui/sound";
import { type Words, useWords } from "../ui/words";

const REPEAT_MS = 4_000;

export interface Alarms {
  standing: Alarm[];
  sound: boolean;
  setSound: (on: boolean) => void;
  seen: () => void;
}

export function useAlarms(me: Person, openCase: string | null): Alarms {
  const w = useWords();
  const { picture } = useLive();
  const [standing, setStanding] = useState<Alarm[]>([]);
  const [sound, setSoundState] = useState(false);
  const before = useRef(picture);
  const soundNow = useRef(false);

  useEffect(() => {
    const earlier = before.current;
    before.current = picture;
    if (picture === null || picture === earlier) return;
    const found = newAlarms(earlier, picture, me, openCase);
    if (found.length === 0) return;
    for (const one of found) {
      if (one.level === "imminent") announceNow(alarmWords(one, w));
      else announce(alarmWords(one, w));
    }
    if (soundNow.current) play(found.some((one) => one.level === "imminent") ? "imminent" : "high");
    // What the picture brings is an event, and this is where it arrives.
     
    setStanding((had) => [...had.filter((one) => !found.some((other) => other.key === one.key)), ...found]);
  }, [picture, me, openCase, w]);

  // Opening the case is seeing it; a case that is closed needs nobody.
  const visible = standing.filter((one) => one.case !== openCase && (picture === null || picture.cases.has(one.case)));
  const urgent = visible.some((one) => one.level === "imminent");

  useEffect(() => {
    if (!urgent || !sound) return;
    const timer = setInterval(() => play("imminent"), REPEAT_MS);
    return () => clearInterval(timer);
  }, [urgent, sound]);

  useEffect(() => {
    // eslint-disable-next-line react-hooks/set-state-in-effect
    if (openCase !== null) setStanding((had) => had.filter((one) => one.case !== openCase));
  }, [openCase]);

  const setSound = useCallback((on: boolean) => {
    if (on) {
      allowSound();
      play("high");
    }
    soundNow.current = on;
    setSoundState(on);
  }, []);

  return { standing: visible, sound, setSound, seen: useCallback(() => setStanding([]), []) };
}

export function alarmWords(one: Alarm, w: Words): string {
  if (one.why === "page") return w.alarmPage(one.number);
  return one.why === "nobody" ? w.alarmNobody(one.number) : w.alarmRisk(w.risk[one.level], one.number);
}
