// The one way to speak with the server. Every refusal becomes a `Problem` with a sentence for the person.
import type { Login, Me } from "./types";

/** What a problem document (RFC 9457) said, or that no answer came at all (`status` 0). */
export class Problem extends Error {
  readonly status: number;
  readonly field: string | undefined;
  readonly who: string | undefined;

  constructor(status: number, detail: string, field?: string, who?: string) {
    super(detail);
    this.name = "Problem";
    this.status = status;
    this.field = field;
    this.who = who;
  }

  /** Nothing came back: it may or may not have been done, and may be said again with the same key. */
  get unanswered(): boolean {
    return this.status === 0;
  }
}

const NO_ANSWER_AFTER_MS = 15_000;

let csrf = "";
let onSignedOut: () => void = () => undefined;

export function whenSignedOut(then: () => void): void {
  onSignedOut = then;
}

export async function whoAmI(): Promise<Me> {
  const me = await ask<Me>("GET", "/api/me");
  csrf = me.csrf;
  return me;
}

export async function signIn(username: string, password: string): Promise<void> {
  const login = await ask<Login>("POST", "/api/login", { username, password });
  csrf = login.csrf;
}

export async function signOut(): Promise<void> {
  await ask<unknown>("POST", "/api/logout", {});
  csrf = "";
}

export function get<T>(path: string): Promise<T> {
  return ask<T>("GET", path);
}

/** `key` names this one wish: said twice with the same key, it is done once. */
export function post<T>(path: string, body: object, key: string): Promise<T> {
  return ask<T>("POST", path, body, key);
}

async function ask<T>(method: string, path: string, body?: object, key?: string): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (body) headers["Content-Type"] = "application/json";
  if (method === "POST" && csrf) headers["X-CSRF"] = csrf;
  if (key) headers["Idempotency-Key"] = key;

  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers,
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(NO_ANSWER_AFTER_MS),
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  } catch {
    throw new Problem(0, "");
  }
  if (!response.ok) throw await problemOf(response, path);
  if (response.status === 204) return undefined as T;
  try {
    return (await response.json()) as T;
  } catch {
    throw new Problem(0, "");
  }
}

async function problemOf(response: Response, path: string): Promise<Problem> {
  const said = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  const text = (name: string) => (typeof said[name] === "string" ? said[name] : undefined);
  if (response.status === 401 && path !== "/api/login" && path !== "/api/me") onSignedOut();
  return new Problem(response.status, text("detail") ?? text("title") ?? "", text("field"), text("who"));
}
