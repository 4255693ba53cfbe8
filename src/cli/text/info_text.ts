import type { AdapterInfo, Information } from "../device/information.ts";
import { paint, type Terminal } from "./terminal.ts";
import { wrap } from "../../text/wrap.ts";

/** Features that kernels or measurements can use; the others are for graphics. */
const FOR_COMPUTING = ["timestamp-query", "subgroups", "shader-f16", "immediates"];

/** Columns at most, where the text goes to no terminal. */
const COLUMNS = 100;

/**
 * Writes the information as lines for people.
 *
 * @param information The information.
 * @param terminal Where the text goes.
 * @returns Lines of text.
 */
export function infoText(information: Information, terminal: Terminal): string {
  const { adapter, backend, found, preset, limits, versions } = information;
  const [least, most] = information.subgroups;
  const lanes = least === most ? String(most) : `${least} to ${most}`;
  const hint = advice(information);
  const limit = (name: string) => limits[name]!;
  const rows: [name: string, text: string][] = [
    ["Adapter", adapter.name],
    ["Found as", found],
    ["Driver", [backend, adapter.vendor, adapter.architecture].filter(Boolean).join(", ")],
    ["Kernels", `cut for ${preset === "gpu" ? "a GPU" : "a software driver"}`],
    [
      "Memory",
      `buffers of up to ${bytes(limit("maxBufferSize"))}; a kernel binds up to ` +
      `${limit("maxStorageBuffersPerShaderStage")}, ` +
      `${bytes(limit("maxStorageBufferBindingSize"))} of each`,
    ],
    [
      "Workgroups",
      `of up to ${limit("maxComputeInvocationsPerWorkgroup")} lanes, which share ` +
      `${bytes(limit("maxComputeWorkgroupStorageSize"))}; subgroups of ${lanes}`,
    ],
    [
      "Features",
      FOR_COMPUTING.map((name) => `${name} ${information.features.includes(name) ? "yes" : "no"}`)
        .join(", "),
    ],
    ["Others", information.others.map(nameOf).join(", ") || "no other adapter"],
    [
      "Versions",
      `Galvani ${versions.galvani}, Deno ${versions.deno}, V8 ${versions.v8}, ` +
      `TypeScript ${versions.typescript}`,
    ],
    ["Machine", `${information.platform}, ${information.processors} processors`],
  ];
  const columns = Math.min(COLUMNS, terminal.columns);
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return [
    ...rows.flatMap(([name, text]) =>
      wrap(text, columns - width).map((line, i) =>
        paint(terminal, "bold", (i === 0 ? name : "").padEnd(width)) + line
      )
    ),
    ...hint === "" ? [] : ["", ...wrap(hint, columns)],
  ].join("\n");
}

/** How to get a better adapter. */
function advice({ found, others, platform }: Information): string {
  if (found === "hardware") return "";
  const slow = "This adapter computes on the processor";
  if (others.some(({ software }) => !software)) return `${slow}: --device auto takes a faster one.`;
  if (!platform.startsWith("linux")) return `${slow}: a GPU with its driver is faster.`;
  return found === "embedded software driver"
    ? `${slow}; it comes with Galvani. Mesa's lavapipe is about 4 times as fast (Debian and ` +
      "Ubuntu: apt install mesa-vulkan-drivers), a GPU with its own Vulkan driver faster still."
    : `${slow}: a GPU with its own Vulkan driver is faster.`;
}

const nameOf = ({ name, software }: AdapterInfo) => name + (software ? " (software)" : "");

/** A size in bytes with the unit that suits it. */
function bytes(count: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB"];
  const unit = Math.min(units.length - 1, Math.floor(Math.log2(count + 1) / 10));
  return `${Number((count / 1024 ** unit).toPrecision(3))} ${units[unit]}`;
}
