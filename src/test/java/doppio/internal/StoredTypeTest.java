package doppio.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoredTypeTest {
  private static final int ALL = 1 << 16;

  @Test
  void everyHalfIsWidenedExactly() throws UnreadableNumberException {
    assertAll(StoredType.F16, 10, 31, 0x1p-24);
  }

  @Test
  void everyBfloat16IsWidenedExactly() throws UnreadableNumberException {
    assertAll(StoredType.BF16, 7, 255, 0x1p-133);
  }

  @ParameterizedTest
  @CsvSource({
    "F16,  3c00, 1",
    "F16,  c000, -2",
    "F16,  7bff, 65504",
    "F16,  3555, 0.333251953125",
    "F16,  0001, 5.9604644775390625e-8",
    "F16,  0400, 0.00006103515625",
    "BF16, 3f80, 1",
    "BF16, c000, -2",
    "BF16, 4049, 3.140625",
    "BF16, 3eab, 0.333984375",
    "BF16, 0001, 9.183549615799121e-41",
    "BF16, 7f7f, 3.3895313892515355e38",
  })
  void knownCodesHaveTheirValues(StoredType type, String code, double value)
      throws UnreadableNumberException {
    assertThat(widen(type, Integer.parseInt(code, 16))[0]).isEqualTo(value);
  }

  /**
   * All codes of 8 bits: how many are NaN, infinite and zero, the least and the greatest number.
   */
  @ParameterizedTest
  @CsvSource({
    "F8_E4M3,     2, 0, 2, 0x1p-9,  448",
    "F8_E5M2,     6, 2, 2, 0x1p-16, 57344",
    "F8_E4M3FNUZ, 1, 0, 1, 0x1p-10, 240",
    "F8_E5M2FNUZ, 1, 0, 1, 0x1p-17, 57344",
    "F8_E8M0,     1, 0, 0, 0x1p-127, 0x1p127",
  })
  void everyNumberOfEightBitsHasItsValue(
      StoredType type, int nan, int infinite, int zero, double least, double greatest)
      throws UnreadableNumberException {
    double[] values = eight(type);
    assertThat(Arrays.stream(values).filter(Double::isNaN)).hasSize(nan);
    assertThat(Arrays.stream(values).filter(Double::isInfinite)).hasSize(infinite);
    assertThat(Arrays.stream(values).filter(v -> v == 0)).hasSize(zero);
    double[] positive =
        Arrays.stream(values).filter(v -> v > 0 && !Double.isInfinite(v)).sorted().toArray();
    assertThat(positive[0]).isEqualTo(least);
    assertThat(positive[positive.length - 1]).isEqualTo(greatest);
    assertThat(Arrays.stream(positive).distinct()).hasSize(positive.length);
    boolean signed = type != StoredType.F8_E8M0;
    for (int code = 0; code < 0x80; code++) {
      if (signed && values[code] > 0) {
        assertThat(values[code | 0x80]).isEqualTo(-values[code]);
      }
      if (code > 0 && !Double.isNaN(values[code])) {
        assertThat(values[code]).isGreaterThan(values[code - 1]);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "F8_E4M3, 38, 1",
    "F8_E4M3, b9, -1.125",
    "F8_E4M3, 07, 0.013671875",
    "F8_E5M2, 3c, 1",
    "F8_E5M2, fb, -57344",
    "F8_E4M3FNUZ, 40, 1",
    "F8_E5M2FNUZ, 40, 1",
    "F8_E8M0, 7f, 1",
  })
  void knownCodesOfEightBitsHaveTheirValues(StoredType type, String code, double value)
      throws UnreadableNumberException {
    assertThat(eight(type)[Integer.parseInt(code, 16)]).isEqualTo(value);
  }

  @Test
  void theByteOrderIsTheBuffers() throws UnreadableNumberException {
    double[] value = new double[3];
    ByteBuffer bytes = ByteBuffer.wrap(new byte[] {0x3c, 0, 0, 0x3c}).order(ByteOrder.BIG_ENDIAN);
    StoredType.F16.widen(bytes, value, 1, 1, 1);
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    StoredType.F16.widen(bytes, value, 2, 1, 2);
    assertThat(value).containsExactly(0, 1, 1);
  }

  /**
   * Counts upwards: each finite code's value is the one before plus a step, which doubles with each
   * exponent from the second on.
   */
  private static void assertAll(StoredType type, int fractionBits, int maxExponent, double step)
      throws UnreadableNumberException {
    int[] codes = new int[ALL];
    for (int code = 0; code < ALL; code++) {
      codes[code] = code;
    }
    double[] values = widen(type, codes);
    int infinity = maxExponent << fractionBits;
    double expected = 0;
    double spacing = step;
    for (int code = 0; code < infinity; code++) {
      assertThat(values[code]).isEqualTo(expected);
      assertThat(Double.doubleToRawLongBits(values[code | 0x8000]))
          .isEqualTo(Double.doubleToRawLongBits(-expected));
      if (code >= 2 << fractionBits && code % (1 << fractionBits) == 0) {
        spacing *= 2;
      }
      expected += spacing;
    }
    assertThat(values[infinity]).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(values[infinity | 0x8000]).isEqualTo(Double.NEGATIVE_INFINITY);
    for (int code = infinity + 1; code < 0x8000; code++) {
      assertThat(values[code]).isNaN();
      assertThat(values[code | 0x8000]).isNaN();
    }
  }

  private static double[] eight(StoredType type) throws UnreadableNumberException {
    byte[] codes = new byte[1 << 8];
    for (int code = 0; code < codes.length; code++) {
      codes[code] = (byte) code;
    }
    double[] values = new double[codes.length];
    type.widen(ByteBuffer.wrap(codes), values, 0, codes.length, 0);
    return values;
  }

  private static double[] widen(StoredType type, int... codes) throws UnreadableNumberException {
    ByteBuffer bytes = ByteBuffer.allocate(2 * codes.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int code : codes) {
      bytes.putShort((short) code);
    }
    double[] values = new double[codes.length];
    type.widen(bytes.flip(), values, 0, codes.length, 0);
    return values;
  }
}
