// What changes from one step to the next, read through a dynamic offset.

// One record a step.
struct Step {
  key: u32,               // of the step's random numbers
  slot: u32,              // where the step's metrics go
  samples: u32,           // samples of this batch; those after it are empty
  learns: u32,            // 1 if the parameters follow, 0 if the step only classifies
  optimizer: vec4<f32>,   // what the optimizer varies from step to step
  adds: u32,              // 1 if the gradient is added to that of the steps before, for one update of several
  first: u32,             // the place of its first sample in the batch of all processes
  skipped: u32,           // samples of other processes between two of its own
  unused: u32,
}

// One record a sample.
struct Sample {
  first: u32,   // the first texel of its list of places
  events: u32,  // places in the list
  label: u32,   // its class
  row: u32,     // the first word of its row of numbers
}
