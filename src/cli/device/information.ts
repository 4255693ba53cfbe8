import manifest from "../../../deno.json" with { type: "json" };
import { requestAdapter } from "../../gpu/adapter.ts";
import { ADAPTER_REQUESTS, adapterName, isSoftwareAdapter } from "../../gpu/adapters.ts";
import { Gpu } from "../../gpu/gpu.ts";
import type { DeviceOptions } from "../options/common_options.ts";
import { watchDriver } from "./driver_watch.ts";

/** An adapter as it describes itself. */
export interface AdapterInfo {
  /** Its name. */
  readonly name: string;
  /** Whether it computes on the processor. */
  readonly software: boolean;
  /** The vendor, as far as it is known. */
  readonly vendor: string;
  /** The architecture or family; often empty. */
  readonly architecture: string;
}

/** All that `info` shows. */
export interface Information {
  /** The adapter that was chosen. */
  readonly adapter: AdapterInfo;
  /** Where it came from. */
  readonly found: "hardware" | "software driver of the system" | "embedded software driver";
  /** What WebGPU reaches it through. */
  readonly backend: string;
  /** How kernels are cut for it. */
  readonly preset: string;
  /** Lanes that run as one, least and most. */
  readonly subgroups: readonly [least: number, most: number];
  /** Its limits that matter here. */
  readonly limits: Readonly<Record<string, number>>;
  /** Its optional features. */
  readonly features: readonly string[];
  /** The machine's other adapters. */
  readonly others: readonly AdapterInfo[];
  /** Of the programs. */
  readonly versions: Readonly<Record<"galvani" | "deno" | "v8" | "typescript", string>>;
  /** Operating system and processor. */
  readonly platform: string;
  /** Processors that the program sees. */
  readonly processors: number;
}

/** The limits that decide how large networks and batches may be. */
const LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupStorageSize",
] as const;

/** Vendors by their numbers in PCI's and Vulkan's lists, where an adapter has no name for them. */
const VENDORS: Readonly<Record<string, string>> = {
  0x1002: "AMD",
  0x106b: "Apple",
  0x10de: "NVIDIA",
  0x13b5: "Arm",
  0x1414: "Microsoft",
  0x14e4: "Broadcom",
  0x1ae0: "Google",
  0x5143: "Qualcomm",
  0x8086: "Intel",
  0x10005: "Mesa",
};

/**
 * Finds out what the machine has.
 *
 * @param options Which adapter.
 * @returns The information.
 */
export async function gatherInformation(
  { device, gpu: name }: DeviceOptions,
): Promise<Information> {
  let isEmbedded = name?.toLowerCase().includes("swiftshader") ?? false;
  const options = {
    device,
    ...name === undefined ? {} : { name },
    onNotice: () => void (isEmbedded = true),
  };
  // A device that can't be opened is of no use.
  using gpu = await watchDriver((timeLimit) => Gpu.request({ ...options, timeLimit }));
  const adapter = await requestAdapter(options);
  const { info, limits, features } = adapter;
  const software = isEmbedded ? "embedded software driver" : "software driver of the system";
  const { deno, v8, typescript } = Deno.version;
  return {
    adapter: adapterInfo(info),
    found: gpu.isSoftware ? software : "hardware",
    backend: backend(),
    preset: gpu.preset.name,
    subgroups: [info.subgroupMinSize, info.subgroupMaxSize],
    limits: Object.fromEntries(LIMITS.map((name) => [name, limits[name]])),
    features: [...features].sort(),
    others: await otherAdapters(adapter),
    versions: { galvani: manifest.version, deno, v8, typescript },
    platform: `${Deno.build.os} ${Deno.build.arch}`,
    processors: navigator.hardwareConcurrency,
  };
}

function adapterInfo(info: GPUAdapterInfo): AdapterInfo {
  const { vendor, architecture } = info;
  return {
    name: adapterName(info),
    software: isSoftwareAdapter(info),
    vendor: VENDORS[vendor] ?? vendor,
    architecture,
  };
}

async function otherAdapters(chosen: GPUAdapter): Promise<AdapterInfo[]> {
  const others = new Map<string, AdapterInfo>();
  for (const request of ADAPTER_REQUESTS) {
    const adapter = await navigator.gpu.requestAdapter(request);
    if (!adapter) continue;
    const described = adapterInfo(adapter.info);
    others.set(described.name, described);
  }
  others.delete(adapterInfo(chosen.info).name);
  return [...others.values()];
}

/** What WebGPU goes through: the user's choice or the system's own. */
function backend(): string {
  const chosen = Deno.env.get("DENO_WEBGPU_BACKEND");
  switch (Deno.build.os) {
    case "darwin":
      return "Metal";
    case "windows":
      return chosen ?? "Direct3D 12 or Vulkan";
    default:
      return chosen === undefined || /vulkan|vk/i.test(chosen) ? "Vulkan" : chosen;
  }
}
