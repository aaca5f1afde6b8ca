package doppio.io;

import doppio.internal.StoredType;

/** The number format that a file is written in. */
public enum Dtype {
  /** IEEE 754 double precision, 8 bytes: every double as it is, to the bit. */
  F64(StoredType.F64, 'f'),

  /**
   * IEEE 754 single precision, 4 bytes: each double rounded to the nearest float, to infinity where
   * it lies beyond the largest.
   */
  F32(StoredType.F32, 'f'),

  /** Whole numbers from −2⁶³ to 2⁶³ − 1, 8 bytes. */
  I64(StoredType.I64, 'i'),

  /** Whole numbers from −2³¹ to 2³¹ − 1, 4 bytes. */
  I32(StoredType.I32, 'i'),

  /** Whole numbers from −32768 to 32767, 2 bytes. */
  I16(StoredType.I16, 'i'),

  /** Whole numbers from −128 to 127, 1 byte. */
  I8(StoredType.I8, 'i'),

  /** Whole numbers from 0 to 2⁶⁴ − 1, 8 bytes. */
  U64(StoredType.U64, 'u'),

  /** Whole numbers from 0 to 2³² − 1, 4 bytes. */
  U32(StoredType.U32, 'u'),

  /** Whole numbers from 0 to 65535, 2 bytes. */
  U16(StoredType.U16, 'u'),

  /** Whole numbers from 0 to 255, 1 byte. */
  U8(StoredType.U8, 'u'),

  /** 0 and 1, 1 byte. */
  BOOL(StoredType.BOOL, 'b');

  private final StoredType stored;
  private final char kind;

  Dtype(StoredType stored, char kind) {
    this.stored = stored;
    this.kind = kind;
  }

  /** The same for a reader. */
  StoredType stored() {
    return stored;
  }

  /** Bytes a number. */
  int width() {
    return stored.width();
  }

  /** NumPy's letter, f floating point, i whole, u whole without sign, b truth, and the width. */
  String code() {
    return "" + kind + width();
  }

  boolean isWhole() {
    return kind != 'f';
  }

  /**
   * Checks that whole numbers are whole and in range, as no rounding shall happen unasked.
   *
   * @throws IllegalArgumentException if one does not fit; names it and its place
   */
  void check(double[] values) {
    if (!isWhole()) {
      return;
    }
    double top = kind == 'b' ? 2 : Math.scalb(1.0, 8 * width() - (kind == 'i' ? 1 : 0));
    double low = kind == 'i' ? -top : 0;
    for (int i = 0; i < values.length; i++) {
      double v = values[i];
      if (!(v >= low && v < top && v == Math.rint(v))) {
        throw new IllegalArgumentException(
            "expected whole numbers that fit " + this + " but number " + i + " is " + v);
      }
    }
  }
}
