/**
 * Opens a report in a browser, whose executable the environment variable `GALVANI_CHROMIUM` names;
 * without it there is no test.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { reportHtml } from "../../src/plots/mod.ts";
import { CHROMIUM, lookAtPage } from "../support/browser.ts";
import { reportData, someFigures } from "./report_data.ts";

Deno.test({
  name: "reportHtml() makes a page that a browser shows offline, narrow and wide",
  ignore: CHROMIUM === undefined,
  async fn() {
    const figures = await someFigures();
    const html = reportHtml(reportData({
      title: "A_name_without_spaces_that_is_too_long_for_a_line_of_a_narrow_window",
      options: [["out", "logs/a_folder_with_a_long_name/another_one/T100_b128_adam"], ["tau", "2"]],
      curve: figures[0]!,
      figures: figures.slice(1),
      firingRates: [{ layer: "LIF 10", rate: 0.0891 }],
      commands: [{ purpose: "Go on:", command: "deno run -A cli.ts train --epochs 40 --resume" }],
    }));
    const folder = await Deno.makeTempDir();
    const file = join(folder, "report.html");
    await Deno.writeTextFile(file, html);

    try {
      assertEquals(await lookAtPage(file), { flaws: [], figures: figures.length });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
