package doppio.internal;

/**
 * The products of a convolution, of which {@link Kernels} has one set.
 *
 * <p><b>The order of sums</b> is that of a linear layer over unfolded patches, and so depends on
 * nothing but sizes:
 *
 * <ul>
 *   <li>An output is the inner product of two rows, of a patch and of the weights, with k = (c·kh +
 *       i)·kw + j and padded places as zeros.
 *   <li>A weight's gradient is a sum over rows: over all positions (image, row, column) of the
 *       batch as one sequence, whose chains of 256 go on from an image to the next.
 *   <li>An input's gradient is a sum over rows too, over the terms gy[o, y, x] · w[o, c, i, j] in
 *       the order of k = (o·kh + i)·kw + j, a chain for every 256: of the i and j for which the
 *       input's row and column, after the padding, lie whole strides from the window's edge. Places
 *       of y outside of the output count as zeros.
 *   <li>A bias's gradient is a sum of columns, over all positions as the weight's.
 * </ul>
 *
 * <p>Threads share images and, of large ones, rows; of a weight, its elements.
 */
public interface ConvolutionKernels {
  /** y[n,o,p] = b[o] + Σₖ w[o,k] · patch[n,p,k]; a null bias counts as zeros. */
  void forward(
      Convolution c,
      double[] x,
      int x0,
      double[] w,
      int w0,
      double[] bias,
      int b0,
      double[] y,
      int y0,
      int n);

  /** gx[n,c,q] = Σ gy[n,o,p] · w[o,c,i,j] over the o and the p that see q through i and j. */
  void inputGradient(
      Convolution c, double[] gy, int gy0, double[] w, int w0, double[] gx, int gx0, int n);

  /** gw[o,k] = (gw[o,k] if {@code add}, else 0) + Σ gy[n,o,p] · patch[n,p,k] over n and p. */
  void weightGradient(
      Convolution c,
      double[] gy,
      int gy0,
      double[] x,
      int x0,
      double[] gw,
      int gw0,
      int n,
      boolean add);

  /** gb[o] = (gb[o] if {@code add}, else 0) + Σ gy[n,o,p] over n and p. */
  void biasGradient(Convolution c, double[] gy, int gy0, double[] gb, int gb0, int n, boolean add);
}
