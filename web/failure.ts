import type { FailureCause } from "./messages.ts";

/** What went wrong, in words, and what can be done. */
interface Advice {
  readonly title: string;
  readonly paragraphs: readonly string[];
}

const ADVICE: Readonly<Record<FailureCause, Advice>> = {
  origin: {
    title: "This address isn't secure, so the browser keeps WebGPU from it",
    paragraphs: [
      "Open the page by https, or on the machine that serves it at http://localhost: browsers give " +
      "WebGPU to such pages alone.",
    ],
  },
  webgpu: {
    title: "This browser doesn't offer WebGPU",
    paragraphs: [
      "The network is trained by WebGPU. Take a recent Chrome or Edge, Safari from version 26, or " +
      "Firefox where it has WebGPU switched on (Windows, newer Macs).",
      "On Linux, Chrome and Chromium may have to be started with --enable-unsafe-webgpu.",
    ],
  },
  adapter: {
    title: "WebGPU finds no graphics processor",
    paragraphs: [
      "See that hardware acceleration is on in the browser's settings, and that the graphics driver is " +
      "up to date; chrome://gpu says what Chrome makes of it.",
      "Without a graphics processor, Chrome and Chromium compute in software if they are started with " +
      "--enable-unsafe-webgpu --use-webgpu-adapter=swiftshader.",
    ],
  },
  data: {
    title: "The handwritten digits can't be loaded",
    paragraphs: [
      "They are expected in the folder mnist beside the page. Reload the page; if that doesn't help, " +
      "whoever serves it should look whether its four files are there: `deno task web` makes them.",
    ],
  },
  worker: {
    title: "The program that trains doesn't start",
    paragraphs: [
      "It is the file worker.js beside the page, which runs as a worker, apart from what you see. " +
      "Reload the page; if that doesn't help, the file may be missing, a setting or an extension may " +
      "keep pages from having workers, or the browser is too old for it.",
    ],
  },
  training: {
    title: "The training has stopped",
    paragraphs: [
      "The graphics processor may have been taken away, reset, or be short of memory. Reload the page " +
      "to start anew.",
    ],
  },
};

/**
 * Finds what already keeps the page from working.
 *
 * @returns The cause, if there is one.
 */
export function findFailure(): FailureCause | undefined {
  if (!isSecureContext) return "origin";
  if (!("gpu" in navigator)) return "webgpu";
  if (!("Worker" in globalThis)) return "worker";
  return undefined;
}

/**
 * Says what went wrong and what to do.
 *
 * @param place Where.
 * @param cause What went wrong.
 * @param detail What the program says of it, if anything.
 */
export function showFailure(place: HTMLElement, cause: FailureCause, detail: string): void {
  const make = (name: "h2" | "p", text: string, className = "") => {
    const made = document.createElement(name);
    made.textContent = text;
    made.className = className;
    return made;
  };
  const { title, paragraphs } = ADVICE[cause];
  place.replaceChildren(
    make("h2", title),
    ...paragraphs.map((text) => make("p", text)),
    ...detail ? [make("p", detail, "detail")] : [],
  );
  place.hidden = false;
}
