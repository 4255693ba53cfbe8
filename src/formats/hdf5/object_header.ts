import type { FileBytes } from "./file_bytes.ts";

/** Kinds of messages that are read. */
export const MESSAGE = {
  space: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  link: 0x06,
  layout: 0x08,
  filters: 0x0b,
  continuation: 0x10,
  symbolTable: 0x11,
} as const;

/** A fact of an object's header. */
export interface Message {
  /** Its kind, one of {@linkcode MESSAGE} or another. */
  readonly kind: number;
  /** Where it stands. */
  readonly at: number;
  /** Its bytes. */
  readonly size: number;
  /** Whether another place holds what it says. */
  readonly shared: boolean;
}

/** Bytes of messages, one after the other. */
interface Part {
  readonly at: number;
  readonly size: number;
}

/** How the messages of a header are written. */
interface Style {
  /** Whether it is of version 2. */
  readonly packed: boolean;
  /** Bytes before each message. */
  readonly head: number;
}

const WHAT = "an object header";

/**
 * Reads the header of a group or a data set.
 *
 * @param file The file.
 * @param at Where it stands.
 * @returns Its messages.
 * @throws {FormatError} If it is damaged.
 */
export function readObjectHeader(file: FileBytes, at: number): readonly Message[] {
  file.need(at, 16, WHAT);
  const { first, style } = file.u8(at, WHAT) === 1 ? versionOne(file, at) : versionTwo(file, at);
  const messages: Message[] = [];
  const parts = [first];
  const seen = new Set<number>();
  for (const part of parts) {
    if (seen.has(part.at)) throw file.flaw(`${WHAT} continues in itself`, part.at);
    seen.add(part.at);
    for (const message of messagesOf(file, part, style)) {
      if (message.kind === MESSAGE.continuation) parts.push(continued(file, message.at, style));
      else if (message.kind !== 0) messages.push(message);
    }
  }
  return messages;
}

/** The message of a kind, or undefined. */
export const findMessage = (messages: readonly Message[], kind: number): Message | undefined =>
  messages.find((message) => message.kind === kind);

function versionOne(file: FileBytes, at: number): { first: Part; style: Style } {
  return {
    first: { at: at + 16, size: file.u32(at + 8, WHAT) },
    style: { packed: false, head: 8 },
  };
}

function versionTwo(file: FileBytes, at: number): { first: Part; style: Style } {
  const version = file.u8(file.signed(at, "OHDR", WHAT), WHAT);
  if (version !== 2) throw file.flaw(`${WHAT} is of version ${version}: supported are 1, 2`, at);
  const flags = file.u8(at + 5, WHAT);
  const width = 1 << (flags & 3);
  const sizeAt = at + 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
  const size = file.uint(sizeAt, width, WHAT);
  const start = sizeAt + width;
  file.need(start, size + 4, WHAT);
  file.checked(at, start + size, WHAT);
  return {
    first: { at: start, size },
    style: { packed: true, head: flags & 4 ? 6 : 4 },
  };
}

function* messagesOf(file: FileBytes, { at, size }: Part, style: Style): Generator<Message> {
  const end = file.need(at, size, WHAT) + size;
  const { packed, head } = style;
  for (let next = at; next + head <= end;) {
    const kind = packed ? file.u8(next, WHAT) : file.u16(next, WHAT);
    const length = file.u16(next + (packed ? 1 : 2), WHAT);
    const flags = file.u8(next + (packed ? 3 : 4), WHAT);
    next += head;
    if (next + length > end) throw file.flaw(`a message of ${WHAT} is longer than it`, next);
    yield { kind, at: next, size: length, shared: (flags & 2) !== 0 };
    next += length;
  }
}

function continued(file: FileBytes, at: number, { packed }: Style): Part {
  const from = file.address(at, WHAT);
  const size = file.u64(at + 8, WHAT);
  file.need(from, size, WHAT);
  if (!packed) return { at: from, size };
  file.signed(from, "OCHK", WHAT);
  if (size < 8) throw file.flaw(`a part of ${WHAT} is too short`, from);
  file.checked(from, from + size - 4, WHAT);
  return { at: from + 4, size: size - 8 };
}
