/** The names of the files in a run's folder. */
export const RUN_FILES = {
  options: "args.json",
  metrics: "metrics.jsonl",
  latest: "checkpoint_latest.safetensors",
  best: "checkpoint_max.safetensors",
  trainAccuracies: "train_accs.npy",
  testAccuracies: "test_accs.npy",
  potentials: "v_t_array.npy",
  spikes: "s_t_array.npy",
} as const;
