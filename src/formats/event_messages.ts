import { importProtobuf } from "../packages.ts";
import type { Type } from "protobufjs";

/**
 * The parts of TensorBoard's `event.proto`, `summary.proto`, `tensor.proto` and
 * `tensor_shape.proto` that event files of scalars, histograms and texts need.
 */
const MESSAGES = {
  Event: {
    oneofs: { what: { oneof: ["fileVersion", "summary"] } },
    fields: {
      wallTime: { type: "double", id: 1 },
      step: { type: "int64", id: 2 },
      fileVersion: { type: "string", id: 3 },
      summary: { type: "Summary", id: 5 },
    },
  },
  Summary: { fields: { value: { rule: "repeated", type: "Value", id: 1 } } },
  Value: {
    oneofs: { value: { oneof: ["simpleValue", "histo", "tensor"] } },
    fields: {
      tag: { type: "string", id: 1 },
      simpleValue: { type: "float", id: 2 },
      histo: { type: "HistogramProto", id: 5 },
      tensor: { type: "TensorProto", id: 8 },
      metadata: { type: "SummaryMetadata", id: 9 },
    },
  },
  HistogramProto: {
    fields: {
      min: { type: "double", id: 1 },
      max: { type: "double", id: 2 },
      num: { type: "double", id: 3 },
      sum: { type: "double", id: 4 },
      sumSquares: { type: "double", id: 5 },
      bucketLimit: { rule: "repeated", type: "double", id: 6, options: { packed: true } },
      bucket: { rule: "repeated", type: "double", id: 7, options: { packed: true } },
    },
  },
  SummaryMetadata: {
    fields: {
      pluginData: { type: "PluginData", id: 1 },
      dataClass: { type: "int32", id: 4 },
    },
  },
  PluginData: { fields: { pluginName: { type: "string", id: 1 } } },
  TensorProto: {
    fields: {
      dtype: { type: "int32", id: 1 },
      tensorShape: { type: "TensorShapeProto", id: 2 },
      stringVal: { rule: "repeated", type: "bytes", id: 8 },
    },
  },
  TensorShapeProto: { fields: {} },
};

/** An event as the file holds it; what isn't there is undefined. */
export interface EventMessage {
  wallTime?: number;
  step?: number;
  fileVersion?: string;
  summary?: { value?: ValueMessage[] };
}

/** A value of a tag. */
export interface ValueMessage {
  tag?: string;
  simpleValue?: number;
  histo?: {
    min?: number;
    max?: number;
    num?: number;
    sum?: number;
    sumSquares?: number;
    bucketLimit?: readonly number[];
    bucket?: readonly number[];
  };
  metadata?: { pluginData?: { pluginName?: string }; dataClass?: number };
  tensor?: {
    dtype?: number;
    /** Left empty: the only tensors are scalars. */
    tensorShape?: Record<never, never>;
    stringVal?: Uint8Array[];
  };
}

let eventType: Promise<Type> | undefined;

/**
 * Loads the type of an event, which encodes and decodes.
 *
 * @returns The type.
 */
export function loadEventType(): Promise<Type> {
  return eventType ??= importProtobuf().then(({ default: { Root } }) =>
    Root.fromJSON({ nested: MESSAGES }).lookupType("Event")
  );
}
