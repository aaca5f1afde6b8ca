package doppio.io;

/** The number format that a file is written in. */
public enum Dtype {
  /** IEEE 754 double precision, 8 bytes: every double as it is, to the bit. */
  F64(8),

  /**
   * IEEE 754 single precision, 4 bytes: each double rounded to the nearest float, to infinity where
   * it lies beyond the largest.
   */
  F32(4);

  private final int width;

  Dtype(int width) {
    this.width = width;
  }

  /** Bytes a number. */
  int width() {
    return width;
  }
}
