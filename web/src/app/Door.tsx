/** Before the editor: loading, asking for the token, or saying what went wrong. */

import { type FormEvent, useEffect, useState } from "react";
import { Logo } from "../ui/Logo";
import { App } from "./App";
import { t } from "./i18n";
import { type Started, start } from "./start";

type State = { readonly at: "loading" | Started } | { readonly at: "failed"; readonly reason: string };

let begun: Promise<Started> | null = null;

export function Door() {
  const [state, setState] = useState<State>({ at: "loading" });
  useEffect(() => {
    begun ??= start();
    begun.then(
      (at) => setState({ at }),
      (error: unknown) =>
        setState({ at: "failed", reason: error instanceof Error ? error.message : String(error) }),
    );
  }, []);
  if (state.at === "ready") return <App />;
  return (
    <main className="door">
      <Logo />
      <h1>{t("app.name")}</h1>
      {state.at === "loading" && <p role="status">{t("app.loading")}</p>}
      {state.at === "token" && <TokenForm />}
      {state.at === "failed" && (
        <>
          <p role="alert">{t("app.failed", { reason: state.reason })}</p>
          <button type="button" className="button" onClick={() => location.reload()}>
            {t("app.reload")}
          </button>
        </>
      )}
    </main>
  );
}

function TokenForm() {
  function enter(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const token = new FormData(event.currentTarget).get("token");
    location.hash = `token=${encodeURIComponent(typeof token === "string" ? token : "")}`;
    location.reload();
  }
  return (
    <form className="token-form" onSubmit={enter}>
      <p>{t("app.token")}</p>
      <label>
        {t("app.tokenField")}
        <input name="token" type="password" autoComplete="off" required />
      </label>
      <button type="submit" className="button primary">
        {t("app.open")}
      </button>
    </form>
  );
}
