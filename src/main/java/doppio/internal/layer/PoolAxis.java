package doppio.internal.layer;

/**
 * Where the windows of a pool lie along one axis of an image.
 *
 * @param size of the image
 * @param out how many windows there are
 * @param kernel elements of a window
 * @param stride from window to window
 * @param padding elements before the image and after it; the last window may reach beyond
 * @param dilation from element to element
 */
public record PoolAxis(int size, int out, int kernel, int stride, int padding, int dilation) {
  /** Where the first element of a window lies, which may be before the image. */
  int start(int window) {
    return window * stride - padding;
  }

  /** The first element of the window that starts there that lies in the image. */
  int first(int start) {
    return start >= 0 ? 0 : (-start - 1) / dilation + 1;
  }

  /** Behind the last one; may be before the first where none does. No window starts behind all. */
  int end(int start) {
    int room = size - start;
    return Math.min(kernel, dilation == 1 ? room : (room - 1) / dilation + 1);
  }

  /** How many elements of the window that starts there lie in the image or its padding. */
  int padded(int start) {
    return Math.min(kernel, size + padding - start);
  }

  /** The first element that lies in the image in some window, of however many a window has. */
  int firstElement() {
    return first(start(out - 1));
  }

  /** Behind the last one. */
  int endElement() {
    return end(start(0));
  }

  /** Where element i of the first window lies. */
  int place(int i) {
    return i * dilation - padding;
  }

  /** The first window whose element i lies in the image. */
  int firstWindow(int i) {
    int place = place(i);
    return place >= 0 ? 0 : (-place - 1) / stride + 1;
  }

  /** Behind the last window whose element i lies in the image, as it does in the first window. */
  int endWindow(int i) {
    return Math.min(out, (size - 1 - place(i)) / stride + 1);
  }

  /** Whether windows are pairs that lie side by side, all in the image: with padding more fit. */
  boolean isPairs() {
    return kernel == 2 && stride == 2 && dilation == 1 && out <= size / 2;
  }
}
