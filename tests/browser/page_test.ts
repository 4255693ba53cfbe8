/** The page that trains in a browser, used as its visitors do. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Page } from "playwright-core";
import { loadMnist } from "../../src/datasets/mnist.ts";
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

/** The most that scripts and the whole site may have, in bytes. */
const SCRIPTS = 180 * 1024;
const SCRIPTS_PACKED = 60 * 1024;
const SITE = 12e6;

type Point = readonly [x: number, y: number];

const CIRCLE = Array.from({ length: 33 }, (_, i): Point => {
  const angle = i / 16 * Math.PI;
  return [0.5 + 0.2 * Math.sin(angle), 0.5 - 0.32 * Math.cos(angle)];
});
const SEVEN: readonly Point[] = [[0.28, 0.2], [0.72, 0.2], [0.58, 0.5], [0.44, 0.85]];

/** Where points of the pad are in the window. */
async function onPad(page: Page, points: readonly Point[]): Promise<Point[]> {
  await page.locator("#pad").scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await page.locator("#pad").boundingBox())!;
  return points.map(([px, py]) => [x + px * width, y + py * height]);
}

/** Draws with a mouse. */
async function drawByMouse(page: Page, points: readonly Point[]): Promise<void> {
  const [first, ...rest] = await onPad(page, points);
  await page.mouse.move(...first!);
  await page.mouse.down();
  for (const point of rest) await page.mouse.move(...point, { steps: 3 });
  await page.mouse.up();
}

/** Draws with a finger. */
async function drawByTouch(page: Page, points: readonly Point[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const send = (type: "touchStart" | "touchMove" | "touchEnd", touches: readonly Point[]) =>
    session.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: touches.map(([x, y]) => ({ x, y })),
    });
  const [first, ...rest] = await onPad(page, points);
  await send("touchStart", [first!]);
  for (const point of rest) await send("touchMove", [point]);
  await send("touchEnd", []);
}

Deno.test({
  name: "the page learns in Chromium, and does what its visitors ask",
  ignore: !CHROMIUM,
  async fn(t) {
    await using site = await serveSite();

    await t.step("its files are small, and its digits are MNIST's", async () => {
      const directory = new URL("mnist/", site.url);
      let received = 0;
      const onProgress = (bytes: number) => received = bytes;
      assertEquals(await loadMnist({ directory, onProgress }), await loadMnist());
      const scripts = ["main.js", "worker.js"].map((name) => new URL(`neurons/${name}`, site.url));
      const { bytes, packed } = await sizesOf(scripts);
      assert(bytes <= SCRIPTS, `scripts of ${bytes} bytes`);
      assert(packed <= SCRIPTS_PACKED, `scripts of ${packed} bytes, compressed`);
      assert(bytes + received <= SITE, `a site of ${bytes + received} bytes`);
    });

    const options = { hasTouch: true, viewport: { width: 1280, height: 900 } };
    await using opened = await openSite(
      site.url,
      SOFTWARE,
      observeTasks,
      options,
    );
    const { page, complaints } = opened;

    await t.step("it learns, and the page stays free meanwhile", async () => {
      await waitForText(page, "digits", /\d/);
      await assertFree(page);
      await waitForText(page, "accuracy", /\d/);
      const accuracy = parseFloat(await textOf(page, "accuracy"));
      assert(accuracy >= 85, `${accuracy} % of the test digits`);
      assertMatch(await textOf(page, "status"), /after 1 epoch \d/);
    });

    await t.step("digits that are drawn are read", async () => {
      await page.locator("#clear").click();
      await drawByMouse(page, CIRCLE);
      await waitForText(page, "answer", /^0$/);
      await page.locator("#clear").click();
      await waitForText(page, "answer", /^–$/);
      await drawByTouch(page, SEVEN);
      await waitForText(page, "answer", /^7$/);
      await waitForText(page, "spoken", /^7: \d+ spikes/);
    });

    await t.step("by the keyboard, too", async () => {
      await page.locator("#clear").click();
      await page.locator("#pad").focus();
      for (let i = 0; i < 9; i++) await page.keyboard.press("ArrowUp");
      await page.keyboard.press("Space");
      for (let i = 0; i < 18; i++) await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Space");
      await page.keyboard.press("Shift+ArrowRight");
      await waitForText(page, "answer", /^1$/);
      await page.keyboard.press("Delete");
      await waitForText(page, "reason", /no digit/);
    });

    await t.step("it rests, and reads a test digit meanwhile", async () => {
      await page.locator("#train").click();
      await waitForText(page, "status", /^Resting/);
      assertEquals(await textOf(page, "train"), "Go on");
      await page.waitForTimeout(500);
      const digits = await textOf(page, "digits");
      await page.locator("#sample").click();
      await waitForText(page, "reason", /^(right|wrong)/);
      await page.waitForTimeout(500);
      assertEquals(await textOf(page, "digits"), digits);
      await page.locator("#train").click();
      await waitForText(page, "digits", new RegExp(`^(?!${digits}$)`));
    });

    await t.step("it starts over, with other settings", async () => {
      await page.locator("[name=timeSteps]").fill("20");
      await waitForText(page, "accuracy", /^–$/);
      await waitForText(page, "last-step", /^20$/);
      assertEquals(await textOf(page, "epoch"), "1");
      await page.locator("#restart").click();
      await waitForText(page, "epoch", /^–$/);
      await waitForText(page, "epoch", /^1$/);
    });

    await t.step("whatever the width, nothing is cut", async () => {
      for (const width of [390, 800, 1280, 2560, 3840]) {
        assertEquals(await cutAt(page, width), [], `${width} pixels wide`);
      }
    });

    await t.step("whatever can be used has a name", async () => {
      const tree = await page.locator("body").ariaSnapshot();
      for (const name of ["Start over", "A test digit", "Clear", "Seed", "Time constant"]) {
        assertMatch(tree, new RegExp(name));
      }
      assertMatch(tree, /img "weights of the neuron for 9"/);
      assertMatch(tree, /img "Accuracy in percent after [\d.]+ epochs: [\d.]+"/);
    });

    assertEquals(complaints, []);
  },
});

Deno.test({
  name: "the page says what to do where it can't learn",
  ignore: !CHROMIUM,
  async fn(t) {
    await using site = await serveSite();

    const says = (
      what: RegExp,
      { flags = SOFTWARE, url = site.url, prepare }: {
        flags?: readonly string[];
        url?: string;
        prepare?: (page: Page) => Promise<unknown>;
      },
    ) =>
    async () => {
      await using opened = await openSite(url, flags, prepare);
      await opened.page.locator("#failure").waitFor();
      assertMatch(await textOf(opened.page, "failure"), what);
      assertEquals(await opened.page.locator("#bar").isVisible(), false);
    };
    const missing = (pattern: string) => (page: Page) =>
      page.route(pattern, (route) => route.fulfill({ status: 404 }));

    await t.step(
      "without a graphics processor",
      says(/no graphics processor.*up to date/, { flags: [] }),
    );
    await t.step(
      "without WebGPU",
      says(/doesn't offer WebGPU.*recent Chrome/, {
        prepare: (page) => page.addInitScript("delete Navigator.prototype.gpu"),
      }),
    );
    await t.step(
      "from an address that isn't secure",
      says(/isn't secure.*by https/, {
        flags: [...SOFTWARE, `--host-resolver-rules=MAP galvani.test 127.0.0.1`],
        url: `http://galvani.test:${site.port}/`,
      }),
    );
    await t.step(
      "without its digits",
      says(/digits can't be loaded/, { prepare: missing("**/mnist/**") }),
    );
    await t.step("without its worker", says(/worker\.js/, { prepare: missing("**/worker.js") }));
  },
});
