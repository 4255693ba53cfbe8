/**
 * The page of networks with several layers.
 *
 * @module
 */
import { openPage } from "../page.ts";
import { readSettings } from "./networks.ts";
import { LayersView } from "./view.ts";

openPage({
  worker: new URL("./worker.js", import.meta.url),
  view: new LayersView({
    about: document.getElementById("about")!,
    notation: document.getElementById("notation")!,
    layers: document.getElementById("layers")!,
    neurons: document.getElementById("neurons")!,
    work: document.getElementById("work")!,
  }),
  readSettings,
});
