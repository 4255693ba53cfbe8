import type { Command } from "../options/command.ts";
import { DEVICE, type DeviceOptions, GPU, JSON_FILE } from "../options/common_options.ts";
import { infoText } from "../text/info_text.ts";
import { gatherInformation } from "../device/information.ts";
import { standardOutput } from "../text/terminal.ts";
import { writeJson } from "../run/write_json.ts";

/** The options of `info`. */
export interface InfoOptions extends DeviceOptions {
  /** The file that the information is written to as JSON. */
  readonly json?: string;
}

/** The command `info`. */
export const INFO: Command<InfoOptions> = {
  name: "info",
  summary: "Show the adapter, its limits and the versions",
  description:
    "Shows which adapter the other commands would run on, how it was found, what it can " +
    "do, and how to get a better one where it is a software driver.",
  positionals: [],
  options: [DEVICE, GPU, JSON_FILE],
  examples: ["", "--device software --json info.json"],
};

/**
 * Prints what the machine has.
 *
 * @param options The command's options.
 */
export async function info(options: InfoOptions): Promise<void> {
  const information = await gatherInformation(options);
  console.log(infoText(information, standardOutput()));
  if (options.json !== undefined) await writeJson(options.json, information);
}
