// Which screen an address means. Links are plain links; clicks on ours do not load the page anew.
import { useSyncExternalStore } from "react";

export type Route =
  | { at: "start" }
  | { at: "board" }
  | { at: "rota"; name: string | null }
  | { at: "mine" }
  | { at: "reports" }
  | { at: "rules" }
  | { at: "case"; id: string }
  | { at: "nowhere" };

export function routeOf(path: string): Route {
  if (path === "/") return { at: "start" };
  if (path === "/board") return { at: "board" };
  if (path === "/rules") return { at: "rules" };
  if (path === "/rota") return { at: "rota", name: null };
  if (path === "/my-shifts") return { at: "mine" };
  if (path === "/reports") return { at: "reports" };
  const rota = /^\/rota\/([^/]+)$/.exec(path)?.[1];
  if (rota) return { at: "rota", name: decoded(rota) };
  const id = /^\/case\/([A-Za-z0-9._~-]+)$/.exec(path)?.[1];
  return id ? { at: "case", id } : { at: "nowhere" };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const listeners = new Set<() => void>();
const tell = () => {
  for (const listener of listeners) listener();
};

export function go(path: string): void {
  if (path !== location.pathname) history.pushState(null, "", path);
  tell();
}

export function usePath(): string {
  return useSyncExternalStore(
    (then) => {
      listeners.add(then);
      window.addEventListener("popstate", then);
      return () => {
        listeners.delete(then);
        window.removeEventListener("popstate", then);
      };
    },
    () => location.pathname,
  );
}

/** Turns a plain click on a link of ours into a change of screen. Returns the undoing. */
export function followLinks(): () => void {
  const clicked = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href]") : null;
    if (!link || link.target || link.origin !== location.origin) return;
    if (link.hash || routeOf(link.pathname).at === "nowhere") return;
    event.preventDefault();
    go(link.pathname);
  };
  document.addEventListener("click", clicked);
  return () => document.removeEventListener("click", clicked);
}
