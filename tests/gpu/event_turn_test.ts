import { assertEquals } from "@std/assert";
import { eventTurn } from "../../src/gpu/event_turn.ts";

/** Counts the timers that are set meanwhile. */
async function timersOf(work: () => Promise<void>): Promise<number> {
  const { setTimeout } = globalThis;
  let timers = 0;
  globalThis.setTimeout = ((...given: Parameters<typeof setTimeout>) => {
    timers++;
    return setTimeout(...given);
  }) as typeof setTimeout;
  try {
    await work();
  } finally {
    globalThis.setTimeout = setTimeout;
  }
  return timers;
}

function holdThread(milliseconds: number): void {
  for (const start = performance.now(); performance.now() - start < milliseconds;);
}

Deno.test("eventTurn() sets timers only after the thread was held for long", async () => {
  holdThread(210);
  assertEquals(await timersOf(eventTurn), 2);
  assertEquals(await timersOf(eventTurn), 0);
  holdThread(210);
  assertEquals(await timersOf(eventTurn), 2);
});

Deno.test("eventTurn() lets events of before come first", async () => {
  for (let i = 0; i < 2; i++) {
    const events: string[] = [];
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => events.push("before");
    port2.postMessage("any");
    await eventTurn();
    events.push("after");
    assertEquals(events, ["before", "after"]);
    port1.close();
    port2.close();
  }
});
