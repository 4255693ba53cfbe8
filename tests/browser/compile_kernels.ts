import { openGpuPage } from "../support/browser.ts";

/** A message of the browser's compiler. */
export interface CompilerMessage {
  /** Which text it is about. */
  readonly name: string;
  /** "error", "warning" or "info". */
  readonly type: string;
  /** What it says. */
  readonly message: string;
  /** The line of the text. */
  readonly line: string;
}

/** Texts that one page compiles; a page that has compiled thousands is slow. */
const TEXTS_A_PAGE = 600;
/** Pages at a time. */
const PAGES = 2;

/** Compiles texts, one after another, as the page runs it. */
const COMPILE = `async (texts) => {
  const adapter = await navigator.gpu.requestAdapter();
  const device = await adapter.requestDevice();
  const found = [];
  for (const [name, code] of texts) {
    device.pushErrorScope("validation");
    const module = device.createShaderModule({ code });
    const { messages } = await module.getCompilationInfo();
    const lines = code.split("\\n");
    for (const { type, message, lineNum } of messages) {
      found.push({ name, type, message, line: (lines[lineNum - 1] ?? "").trim() });
    }
    const error = await device.popErrorScope();
    if (error && messages.length === 0) {
      found.push({ name, type: "error", message: error.message, line: "" });
    }
  }
  device.destroy();
  return found;
}`;

/**
 * Has WGSL texts compiled by the browser.
 *
 * @param texts The texts by their names.
 * @returns What its compiler says of them.
 */
export async function compileInBrowser(
  texts: ReadonlyMap<string, string>,
): Promise<CompilerMessage[]> {
  const left = [...texts];
  const messages: CompilerMessage[] = [];
  const compile = async () => {
    while (left.length > 0) {
      const part = JSON.stringify(left.splice(0, TEXTS_A_PAGE));
      await using page = await openGpuPage();
      messages.push(...await page.evaluate<CompilerMessage[]>(`(${COMPILE})(${part})`));
    }
  };
  await Promise.all(Array.from({ length: PAGES }, compile));
  return messages;
}
