// What changes from one training step to the next, read through a dynamic offset.

// One record a step.
struct Step {
  key: u32,               // of the step's random numbers
  slot: u32,              // where the step's metrics go
  samples: u32,           // samples of this batch; those after it are empty
  unused: u32,
  optimizer: vec4<f32>,   // what the optimizer varies from step to step
}

// One record a sample.
struct Sample {
  first: u32,   // its first event in the chunk's events
  events: u32,  // how many it has
  label: u32,   // its class
  unused: u32,
}
