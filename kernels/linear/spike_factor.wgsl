// How a spike, bit r of a word, lets a number through: by a `select`, or by a product with the bit read
// as the factor 0 or 2^r, which is cheaper than to shift it down; UNIT_r scales back, which is exact
// (bit 31 is the sign: -2^31). Which is faster depends on the adapter.
#for r in 0..32
#if selects_spikes
const UNIT_${r} = 1.0;
#else
const UNIT_${r} = ${1 - 2 * (r == 31)}.0 / f32(1u << ${r}u);
#end
#end
