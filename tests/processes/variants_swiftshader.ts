import { compareVariants } from "../program/compare_variants.ts";

compareVariants("SwiftShader", { name: "swiftshader" }, [7, 33]);
