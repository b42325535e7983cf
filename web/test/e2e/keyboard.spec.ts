import { expect, test } from "./editor";

test("a graph is built with the keyboard alone: add, connect, set, and hear it", async ({ editor, page }) => {
  await editor.openEmpty();
  await editor.press("a");
  await page.keyboard.type("checkpoint");
  await editor.press("Enter", "a");
  await page.keyboard.type("tokenizer");
  await editor.press("Enter");
  await editor.press("Escape");
  await editor.node("checkpoint_1").focus();
  await editor.press("c");
  await expect(editor.socket("checkpoint_1", "output", "tokenizer")).toBeFocused();
  await expect(editor.socket("checkpoint_1", "output", "tokenizer")).toHaveAttribute(
    "aria-label",
    "Checkpoint, output tokenizer, tokenizer",
  );
  await editor.press("c");
  await expect(page.locator(".listbox-item").first()).toContainText("Tokenizer");
  await editor.press("Enter");
  await expect(page.locator(".wire")).toHaveCount(1);
  await editor.node("tokenizer_1").focus();
  await editor.press("Enter");
  await page.keyboard.type("a red circle");
  await editor.press("Escape");
  await expect(editor.node("tokenizer_1")).toBeFocused();
  await expect(editor.node("tokenizer_1").getByRole("textbox", { name: "text" })).toHaveValue("a red circle");
  await editor.press("ArrowLeft");
  await expect(editor.node("checkpoint_1")).toBeFocused();
});
