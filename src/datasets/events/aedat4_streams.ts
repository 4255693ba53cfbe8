/** A stream of a recording in AEDAT 4. */
export interface Aedat4Stream {
  /** What its packets hold: "EVTS", "FRME" and others. */
  type?: string;
  /** The sensor's columns. */
  width?: number;
  /** The sensor's rows. */
  height?: number;
}

/** A tag, and the text after it. */
const TAG = /<(\/?)(node|attr|dv)\b([^>]*?)(\/?)>([^<]*)/g;
const STREAMS = "outInfo";

/**
 * Reads which streams a recording has, in the XML of its header.
 *
 * @param xml The XML.
 * @returns The streams by their numbers.
 */
export function parseAedat4Streams(xml: string): Map<number, Aedat4Stream> {
  const streams = new Map<number, Aedat4Stream>();
  const path: string[] = [];
  for (const [, closes, tag, attributes, empty, text] of xml.matchAll(TAG)) {
    if (tag === "dv") continue;
    if (tag === "node") {
      if (closes) path.pop();
      else if (!empty) path.push(attribute(attributes!, "name"));
      if (!closes && path.length === 2 && path[0] === STREAMS) streamOf(streams, path[1]!);
      continue;
    }
    if (closes || path[0] !== STREAMS || path.length < 2) continue;
    const stream = streamOf(streams, path[1]!);
    const key = attribute(attributes!, "key");
    const inside = path.length === 3 && path[2] === "info";
    if (path.length === 2 && key === "typeIdentifier") stream.type = text!.trim();
    if (inside && key === "sizeX") stream.width = Number(text);
    if (inside && key === "sizeY") stream.height = Number(text);
  }
  return streams;
}

function streamOf(streams: Map<number, Aedat4Stream>, name: string): Aedat4Stream {
  const id = Number(name);
  const known = streams.get(id);
  if (known) return known;
  const stream: Aedat4Stream = {};
  streams.set(id, stream);
  return stream;
}

const attribute = (attributes: string, name: string): string =>
  attributes.match(new RegExp(`\\b${name}="([^"]*)"`))?.[1] ?? "";
