import type { Gpu } from "../../mod.ts";

/** All textures are of four words. */
const BYTES_A_TEXEL = 16;

/** The buffers and textures of a Gpu that were made since this began, and not destroyed. */
export class LiveResources {
  readonly #live = new Set<GPUBuffer | GPUTexture>();
  /** How many were made. */
  made = 0;

  /** Counts from now on; what a Gpu keeps for all that runs on it is left out. */
  constructor({ device }: Gpu) {
    const createBuffer = device.createBuffer.bind(device);
    const createTexture = device.createTexture.bind(device);
    device.createBuffer = (descriptor) => this.#track(createBuffer(descriptor));
    device.createTexture = (descriptor) => {
      const texture = createTexture(descriptor);
      return descriptor.label === "scratch" ? texture : this.#track(texture);
    };
  }

  /** The labels of those that live. */
  get labels(): string[] {
    return Array.from(this.#live, ({ label }) => label).sort();
  }

  /** How many bytes they take. */
  get bytes(): number {
    return Array.from(this.#live).reduce(
      (sum, own) => sum + ("size" in own ? own.size : own.width * own.height * BYTES_A_TEXEL),
      0,
    );
  }

  /** Counts anew. */
  forget(): void {
    this.#live.clear();
  }

  #track<T extends GPUBuffer | GPUTexture>(resource: T): T {
    this.made++;
    this.#live.add(resource);
    const destroy = resource.destroy.bind(resource);
    resource.destroy = () => {
      this.#live.delete(resource);
      destroy();
    };
    return resource;
  }
}
