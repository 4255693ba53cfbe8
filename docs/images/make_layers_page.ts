/**
 * Makes `layers_page.png`: the page of networks with several layers in Chromium, after an epoch of some of its digits.
 *
 * ```sh
 * GALVANI_CHROMIUM=/usr/bin/chromium deno run -A docs/images/make_layers_page.ts
 * ```
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { openSite, serveSite, SOFTWARE, waitForText } from "../../tests/support/site.ts";

/** Digits to be learned from before the picture is taken: by then most are read. */
const DIGITS = 12_800;

await using site = await serveSite({ train: DIGITS, t10k: 10_000 });
await using opened = await openSite(
  new URL("layers.html", site.url).href,
  SOFTWARE,
  undefined,
  { viewport: { width: 1200, height: 900 } },
);
const { page } = opened;
await page.locator("[name=network]").selectOption("convolutions");
await waitForText(page, "layers", /maps/);
await waitForText(page, "work", /together/);
await page.locator("main").screenshot({
  path: fileURLToPath(new URL("layers_page.png", import.meta.url)),
});
