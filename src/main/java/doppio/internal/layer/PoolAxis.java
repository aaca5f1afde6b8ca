package doppio.internal.layer;

/**
 * Where the windows of a pool lie along one axis of an image.
 *
 * @param size of the image
 * @param out how many windows there are
 * @param kernel elements of a window
 * @param stride from window to window
 * @param padding elements before the image and after it
 * @param dilation from element to element
 */
public record PoolAxis(int size, int out, int kernel, int stride, int padding, int dilation) {
  /** Where the first element of a window lies, which may be before the image. */
  int start(int window) {
    return window * stride - padding;
  }

  /** The first element of the window that starts there that lies in the image. */
  int first(int start) {
    return start >= 0 ? 0 : (dilation - 1 - start) / dilation;
  }

  /** Behind the last one; may be before the first where none does. */
  int end(int start) {
    int room = size - start;
    return Math.min(kernel, dilation == 1 ? room : (room + dilation - 1) / dilation);
  }

  /** Whether windows are pairs that lie side by side. */
  boolean isPairs() {
    return kernel == 2 && stride == 2 && padding == 0 && dilation == 1;
  }
}
