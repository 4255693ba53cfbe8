import { assertEquals, assertThrows } from "@std/assert";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../../mod.ts";
import { encodeSafetensors, FormatError } from "../../src/formats/mod.ts";
import { assertSurvives, damaged } from "../formats/damage.ts";

const data = Float32Array.of(1, 2, 3, 4, 5, 6);
const CHECKPOINT: Checkpoint = {
  state: {
    epoch: 3,
    step: 2,
    updates: 1406,
    batches: [{ loss: 0.1, correct: 100 }, { loss: 1 / 3, correct: 128 }],
    parameters: new Map([["layer.1.weight", { shape: [2, 3], data }]]),
    optimizer: new Map([["layer.1.weight.first_moment", { shape: [2, 3], data }]]),
  },
  options: { timeSteps: 100, hidden: [], seed: 1 },
  best: { epoch: 2, testAccuracy: 0.914 },
};

Deno.test("a checkpoint comes back whole", () => {
  assertEquals(decodeCheckpoint(encodeCheckpoint(CHECKPOINT)), CHECKPOINT);
  const shaped = { ...CHECKPOINT, sampleShape: [1, 16, 64] };
  assertEquals(decodeCheckpoint(encodeCheckpoint(shaped)), shaped);
  const { best: _, ...first } = CHECKPOINT;
  assertEquals(decodeCheckpoint(encodeCheckpoint(first)), first);
});

/** The file of a checkpoint with other metadata. */
function withMetadata(metadata: Record<string, string>): Uint8Array<ArrayBuffer> {
  return encodeSafetensors(CHECKPOINT.state.parameters, {
    format: "galvani checkpoint 1",
    state: '{"epoch":1,"step":0,"updates":468,"batches":[]}',
    options: "{}",
    optimizer: encodeSafetensors(new Map()).toBase64(),
    ...metadata,
  });
}

for (
  const [what, metadata, reason] of [
    ["no checkpoint", { format: "pt" }, 'must name the format "galvani checkpoint 1": it has "pt"'],
    ["no JSON", { state: "{" }, '"state" of its metadata is no JSON'],
    ["no object", { options: "[]" }, '"options" of its metadata is no object'],
    [
      "a negative epoch",
      { state: '{"epoch":-1,"step":0,"updates":0,"batches":[]}' },
      '"epoch" of its state must be an integer of at least 0: it is -1',
    ],
    [
      "too few batches",
      { state: '{"epoch":1,"step":2,"updates":0,"batches":[[1,2]]}' },
      '"batches" of its state must be a pair of numbers for each of 2 steps',
    ],
    [
      "a best epoch without accuracy",
      { state: '{"epoch":1,"step":0,"updates":0,"batches":[],"best":{"epoch":1}}' },
      '"best" of its state is no epoch and accuracy',
    ],
    ["a shape that is no JSON", { sample: "[1," }, '"sample" of its metadata is no JSON'],
    ["no shape", { sample: "[]" }, '"sample" of its metadata is no list of integers above 0'],
    [
      "a size of 0",
      { sample: "[1, 0]" },
      '"sample" of its metadata is no list of integers above 0',
    ],
    ["no base64", { optimizer: "%" }, '"optimizer" of its metadata is no safetensors file'],
  ] as const
) {
  Deno.test(`a file with ${what} is refused`, () => {
    const error = assertThrows(
      () => decodeCheckpoint(withMetadata(metadata), { name: "run.safetensors" }),
      FormatError,
      reason,
    );
    assertEquals(
      error.message.startsWith('Cannot read "run.safetensors" as a checkpoint as '),
      true,
    );
  });
}

Deno.test("damaged checkpoints are refused, and the error names the file", async () => {
  await assertSurvives(
    damaged(encodeCheckpoint(CHECKPOINT), withMetadata({})),
    (bytes, name) => decodeCheckpoint(bytes, { name }),
  );
});

Deno.test("damaged metadata of a checkpoint is refused, and the error names the file", async () => {
  // The file around it is whole, so that it isn't refused before.
  for (const key of ["state", "options", "optimizer"]) {
    const good = new TextEncoder().encode(
      JSON.stringify({ epoch: 3, step: 1, updates: 5, batches: [[1, 2]] }),
    );
    await assertSurvives(
      damaged(good),
      (bytes, name) => decodeCheckpoint(bytes, { name }),
      (bytes) => withMetadata({ [key]: new TextDecoder("latin1").decode(bytes) }),
    );
  }
});
