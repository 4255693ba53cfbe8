// Events of recordings, those of a step after each other in the texture `events`
// (src/feeds/recordings.ts).
//
// A sample's, by their times: its record's `row` is its first texel. Word t from there says how many texels
// further the events of time step t start, those of a step ending where the next starts: places, four to a
// texel, filled up with NO_EVENT.
//
// All of the batch, by their places, where the program learns: word p, of the texels before the first
// sample's, says at which texel those of place p start: each the row (sample, t) in `gradient_rows`, filled
// up with the row after the last.

const NO_EVENT = 0xffffffffu;
