/**
 * The page of the tutorial's ten neurons.
 *
 * @module
 */
import { openPage } from "../page.ts";
import { readSettings, showSettings } from "./settings.ts";
import { NeuronsView } from "./view.ts";

const form = document.getElementById("settings") as HTMLFormElement;
form.addEventListener("input", () => showSettings(form));
showSettings(form);

openPage({
  worker: new URL("./worker.js", import.meta.url),
  view: new NeuronsView(document.getElementById("neurons")!),
  readSettings,
});
