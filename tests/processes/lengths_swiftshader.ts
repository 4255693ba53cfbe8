import { compareLengths } from "../program/compare_lengths.ts";

compareLengths("SwiftShader", { name: "swiftshader" }, ({ variants }) => variants ?? false);
