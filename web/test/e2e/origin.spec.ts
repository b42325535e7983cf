import { expect, test } from "./editor";

test("the page has a strict policy, keeps to it, and loads nothing from elsewhere", async ({
  editor,
  page,
  baseURL,
}) => {
  const asked: string[] = [];
  page.context().on("request", (request) => asked.push(request.url()));
  page.on("websocket", (socket) => asked.push(socket.url().replace(/^ws/, "http")));
  const broken: string[] = [];
  await page.exposeFunction("tellBroken", (what: string) => broken.push(what));
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) =>
      Reflect.get(window, "tellBroken")(`${event.violatedDirective} ${event.blockedURI}`),
    );
  });
  await editor.open();
  await editor.runToEnd();
  await editor.socket("decode", "output", "image").click();
  await expect(page.locator(".inspector-sheet").getByRole("img").first()).toBeVisible();
  await page.getByRole("button", { name: "Tidy up" }).click();
  await expect(page.getByRole("button", { name: "Undo tidy up" })).toBeVisible();
  for (const button of await page.locator(".rail-button[aria-pressed]").all()) await button.click();

  const policy = (await page.request.get("/")).headers()["content-security-policy"] ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("style-src 'self';");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  expect(asked.length).toBeGreaterThan(10);
  expect(asked.filter((url) => !url.startsWith(`${baseURL}/`) && !/^(blob|data):/.test(url))).toEqual([]);
  expect(broken).toEqual([]);
});
