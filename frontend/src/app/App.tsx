// Who is here decides what is shown: the door, the console, the board, or a plain sentence.
import { useCallback, useEffect, useState } from "react";
import { Problem, signOut, whenSignedOut, whoAmI } from "../api/client";
import type { Me } from "../api/types";
import { forgetDrafts } from "../live/drafts";
import { forgetSeen } from "../features/case/unread";
import { SignIn } from "../features/signin/SignIn";
import { useLanguage } from "../ui/choice";
import { useWords } from "../ui/words";
import { House } from "./House";
import { followLinks, go } from "./route";

type Session =
  | { state: "asking" }
  | { state: "no_service" }
  | { state: "out"; service: string; wasIn: boolean }
  | { state: "in"; me: Me };

const ASK_AGAIN_MS = 2_000;

export function App() {
  const w = useWords();
  const language = useLanguage();
  const [session, setSession] = useState<Session>({ state: "asking" });

  const ask = useCallback(async () => {
    try {
      const me = await whoAmI();
      setSession({ state: "in", me });
    } catch (refused) {
      const status = refused instanceof Problem ? refused.status : 0;
      setSession(status === 401 || status === 403 ? { state: "out", service: "", wasIn: false } : { state: "no_service" });
    }
  }, []);

  const leave = useCallback(() => {
    forgetDrafts();
    forgetSeen();
    setSession({ state: "out", service: "", wasIn: true });
  }, []);

  useEffect(() => {
    // Set only after the server's answer.
    // eslint-disable-next-line react-hooks/set-state-in-effect
    void ask();
    whenSignedOut(leave);
    return followLinks();
  }, [ask, leave]);

  useEffect(() => {
    if (session.state !== "no_service") return;
    const timer = setInterval(() => void ask(), ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [session.state, ask]);

  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);

  useEffect(() => {
    if (session.state === "out") document.title = `${w.signIn} - crisis_hub`;
  }, [session.state, w]);

  async function signMeOut() {
    // At a shared desk the screen must empty itself even if the server does not answer.
    await signOut().catch(() => undefined);
    forgetDrafts();
    forgetSeen();
    setSession({ state: "out", service: "", wasIn: false });
    go("/");
  }

  switch (session.state) {
    case "asking":
      return null;
    case "no_service":
      return (
        <main className="plain">
          <p role="status">{w.noService}</p>
        </main>
      );
    case "out":
      return <SignIn service={session.service} wasSignedOut={session.wasIn} onSignedIn={() => void ask()} />;
    case "in":
      return <House key={session.me.person.id} me={session.me} onSignOut={() => void signMeOut()} onSignedOut={leave} />;
  }
}
