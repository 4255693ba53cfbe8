/** The page of networks with several layers, used as its visitors do. */

import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import { CHROMIUM } from "../support/browser.ts";
import {
  assertFree,
  cutAt,
  observeTasks,
  openSite,
  serveSite,
  sizesOf,
  SOFTWARE,
  textOf,
  waitForText,
} from "../support/site.ts";

/** The most that scripts may have, compressed, in bytes. */
const SCRIPTS_PACKED = 100 * 1024;

/** What the page says of each network: in its notation and, once a digit was read, of its layers. */
const SAID = {
  columns: {
    notation: /^28-64R-10/,
    captions: [
      /weights of each one's 28 pixels/,
      /^The digit, a column at each time step$/,
      /^64 neurons that hear each other: [\d,]+ spikes in 28 time steps, a rate of 0\.\d+$/,
    ],
    timeSteps: "28",
  },
  deaf: {
    notation: /^28-64-10/,
    captions: [
      /weights of each one's 28 pixels/,
      /^The digit, a column at each time step$/,
      /^64 neurons that hear the column alone: [\d,]+ spikes in 28 time steps/,
    ],
    timeSteps: "28",
  },
  convolutions: {
    notation: /^8C5-MP2-16C5-MP2-10/,
    captions: [
      /eight filters/,
      /^8 maps of 24 × 24 neurons: [\d,]+ spikes in 4 time steps/,
      /^16 maps of 8 × 8 neurons: [\d,]+ spikes in 4 time steps/,
    ],
    timeSteps: "4",
  },
  hidden: {
    notation: /^784-100-10/,
    captions: [
      /weights of each one's 784 pixels/,
      /^100 neurons: [\d,]+ spikes in 32 time steps/,
    ],
    timeSteps: "32",
  },
} as const;

/** How large the drawings are, and whether anything is drawn, canvas by canvas. */
const DRAWN = `
  [...document.querySelectorAll("#layers canvas")].map((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const colours = new Set(new Uint32Array(data.buffer));
    return [canvas.width, canvas.height, colours.size];
  })
`;

Deno.test({
  name: "the page of layers learns in Chromium, and shows what each of them does",
  ignore: !CHROMIUM,
  async fn(t) {
    await using site = await serveSite({ train: 6400, t10k: 1280 });
    const scripts = ["main.js", "worker.js"].map((name) => new URL(`layers/${name}`, site.url));
    const { packed } = await sizesOf(scripts);
    assert(packed <= SCRIPTS_PACKED, `scripts of ${packed} bytes, compressed`);

    await using opened = await openSite(
      new URL("layers.html", site.url).href,
      SOFTWARE,
      observeTasks,
      { viewport: { width: 1280, height: 900 } },
    );
    const { page, complaints } = opened;
    const captions = () => page.locator("#layers figcaption").allTextContents();

    for (const [network, { notation, captions: said, timeSteps }] of Object.entries(SAID)) {
      await t.step(`${network}: it learns, and a test digit is read`, async () => {
        await page.locator("[name=network]").selectOption(network);
        await waitForText(page, "notation", notation);
        await waitForText(page, "digits", /[1-9]/);
        await page.locator("#sample").click();
        await waitForText(page, "layers", /spikes in/);
        await waitForText(page, "reason", /^(right|wrong|no neuron)/);
        const texts = await captions();
        assertEquals(texts.length, said.length);
        for (const [i, text] of texts.entries()) assertMatch(text, said[i]!);
        for (const [width, height, colours] of await page.evaluate<number[][]>(DRAWN)) {
          assert(width! > 20 && height! > 4, `a canvas of ${width} x ${height} pixels`);
          assert(colours! > 1, "an empty canvas");
        }
        assertEquals(await textOf(page, "last-step"), timeSteps);
      });
    }

    await t.step("the page stays free while a hundred pictures of weights change", async () => {
      await assertFree(page);
    });

    await t.step("it learns: the hidden layer's network gets better", async () => {
      await page.waitForFunction(`
        Number(document.getElementById("digits").textContent.replaceAll(",", "")) > 6000
      `);
      const curve = await page.locator("#accuracy-curve svg").getAttribute("aria-label") ?? "";
      const accuracy = Number(/: ([\d.]+)/.exec(curve)?.[1]);
      assert(accuracy >= 60, curve);
    });

    await t.step("after an epoch it says what a digit takes", async () => {
      await waitForText(page, "work", /together/);
      const rows = await page.locator("#work tr").allInnerTexts();
      const [hidden, last, together, without] = rows.slice(1).map((row) =>
        row.split("\t").map((cell) => Number(cell.replaceAll(/[^\d.]/g, "")))
      );
      const near = (joules: number | undefined, picojoules: number) =>
        assertAlmostEquals(joules!, picojoules / 1000, 0.006 * picojoules / 1000);
      // Poisson spikes of 784 pixels, and those of 100 neurons, in 32 steps at most.
      assert(hidden![1]! > 1000 && hidden![1]! < 784 * 100 * 32, rows.join());
      assert(last![1]! > 10 && last![1]! < 100 * 10 * 32, rows.join());
      near(hidden![2], 0.9 * hidden![1]!);
      near(last![2], 0.9 * last![1]!);
      near(together![2], 0.9 * (hidden![1]! + last![1]!));
      near(without![2], 4.6 * (784 * 100 + 100 * 10));
    });

    await t.step("without a digit, no layer has fired", async () => {
      await page.locator("#clear").click();
      await waitForText(page, "answer", /^–$/);
      assertEquals((await captions()).at(-1), "100 neurons");
    });

    await t.step("whatever the width, nothing is cut", async () => {
      for (const width of [390, 800, 1280, 3840]) {
        assertEquals(await cutAt(page, width), [], `${width} pixels wide`);
      }
    });

    await t.step("whatever can be used has a name, and the pages lead to each other", async () => {
      const tree = await page.locator("body").ariaSnapshot();
      for (const name of ["Start over", "A test digit", "Seed", 'combobox "Network"']) {
        assertMatch(tree, new RegExp(name));
      }
      await page.getByRole("link", { name: "Ten neurons alone" }).click();
      await page.getByRole("link", { name: "Networks of several layers" }).click();
      await page.locator("#layers").waitFor({ state: "attached" });
    });

    assertEquals(complaints, []);
  },
});
