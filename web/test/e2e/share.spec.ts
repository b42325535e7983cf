import { expect, test } from "./editor";

test("a share link shows the run and its graph, to be looked at only, in a browser without the token", async ({
  editor,
  page,
  browser,
  baseURL,
}) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await editor.open();
  await editor.runToEnd();
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByRole("menuitem", { name: "Copy a link to this run" }).click();
  await expect(editor.said).toContainText("Copied");
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toContain(`${baseURL}/s/`);

  const stranger = await browser.newContext();
  const shown = await stranger.newPage();
  const answer = await shown.goto(link);
  expect(answer?.headers()["content-security-policy"]).toContain("default-src 'none'");
  await expect(shown.getByRole("heading", { name: "Text to image" })).toBeVisible();
  const wide = shown
    .getByRole("img", { name: "image" })
    .evaluate((one) => one instanceof HTMLImageElement && one.naturalWidth);
  expect(await wide).toBeGreaterThan(0);
  await expect(shown.locator("pre")).toContainText('"type": "Sampler"');
  await expect(shown.locator("script, form, input, button, textarea, select")).toHaveCount(0);
  const graph = await shown.request.get(`${link}/graph.json`);
  expect(Object.keys((await graph.json()).nodes)).toHaveLength(9);
  for (const path of ["runs", "graphs", "shares", "nodes", "queue"]) {
    expect((await shown.request.get(`${baseURL}/api/v1/${path}`)).status()).toBe(401);
  }
  await shown.goto(`${baseURL}/`);
  await expect(shown.getByLabel("Token")).toBeVisible();
  await expect(shown.locator(".react-flow__node")).toHaveCount(0);
  await stranger.close();
});
