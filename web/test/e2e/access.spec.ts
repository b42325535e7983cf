import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./editor";

const THEMES: readonly ("dark" | "light")[] = ["dark", "light"];

for (const theme of THEMES) {
  test(`axe finds nothing serious in the ${theme} editor`, async ({ editor, page }) => {
    await page.emulateMedia({ colorScheme: theme });
    await editor.open();
    await editor.node("sampler").locator(".node-title").click();
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    const found = serious.map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .map((node) => node.target.join(" "))
          .slice(0, 4)
          .join(" | ")}`,
    );
    expect(found).toEqual([]);
  });
}
