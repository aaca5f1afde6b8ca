/**
 * Kernels in the Vector API. This page says which operand of a product lies in which cache, and why
 * the blocks are as large as they are; {@link doppio.internal.Kernels} says in which order each sum
 * is taken, and every way below keeps to it, so that all give the same bits.
 *
 * <p><b>Tiles.</b> A tile keeps its results in registers while its terms pass by: one number of one
 * operand, broadcast, meets a row of some vectors of the other. With 32 registers (AVX-512) it has
 * 8 rows × 3 vectors: 24 sums, three vectors and a number for 24 multiply-adds. With 16 (AVX2, NEON
 * has narrower vectors but counts as these) it has 5 × 2: ten sums are the least that keep two
 * units busy, which take five cycles each, and with twelve the JIT keeps some of them in memory.
 * The vector operand is packed in panels of a tile's width, with the rows side by side; the other
 * has the rows of a tile side by side, eight numbers apart, where it is packed at all. So a tile
 * reads both from the first element to the last, and one index serves for all that the JIT has to
 * check. {@code -Ddoppio.tiles} forces either shape.
 *
 * <p><b>Chains of 256 terms.</b> A panel of a chain is 256 × 2 vectors, 16 KB (AVX2), or 256 × 3
 * vectors, 48 KB (AVX-512); a tile's rows are 16 KB. They share the first-level cache: 32 KB on
 * Zen, 48 KB on Intel's server cores. All panels of a chain, 2 KB for each column, stay in the
 * second one: 512 KB on Zen 2, 1 MB on Zen 4, 2 MB on Intel's.
 *
 * <table>
 * <caption>Linear layers</caption>
 * <tr><th>product<th>panels<th>rows<th>order of loops
 * <tr><td>forward, 16 registers ({@link BatchTiles})
 *     <td>samples, or outputs where those are fewer; eight residues of the terms one after the other
 *     <td>the other operand as it lies
 *     <td>rows outside, panels inside. A pass has at most 512 terms: five rows of them, 20 KB, and
 *     the panel's part of a residue, 4 KB, share the first cache over all eight residues
 * <tr><td>forward, 32 registers ({@link Forward})
 *     <td>none: vectors over the terms ({@link InnerTiles}), 6 outputs × 4 samples
 *     <td>both as they lie
 *     <td>six rows of w stay in the first cache while all samples pass by
 * <tr><td>∂x, w of at most 256 KB ({@link InputGradient})
 *     <td>all of w, packed once, in the second cache
 *     <td>gradients of a tile's samples, packed when they are needed, in the first
 *     <td>samples outside, panels inside
 * <tr><td>∂x, a larger w
 *     <td>four panels of a chain, 64 KB with AVX2, 192 KB with AVX-512, in the second cache
 *     <td>gradients of so many samples as are 1 MB, packed once
 *     <td>blocks of panels outside, so that w is read once, then chains, then samples
 * <tr><td>∂w ({@link WeightGradient})
 *     <td>all samples, packed once; those of a chain in the second cache
 *     <td>gradients of eight tiles' outputs, packed together, so that each line of memory that is
 *     fetched is used whole: 128 KB
 *     <td>chains outside, then outputs, then panels; an optimizer gets each tile's rows at once
 * </table>
 *
 * <p><b>Convolutions</b> ({@link Planes}, {@link Correlation}) copy a band of the images, with its
 * padding, of at most 512 KB, and each panel of patches from there; the weights are packed once for
 * a call. {@link doppio.internal.Unfolding} chooses the bands.
 *
 * <p><b>One sample</b> reads each weight once and packs nothing; what counts is how many rows are
 * under way at a time, for each waits for memory: eight.
 */
package doppio.internal.vector;
