package doppio.io;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class NpyPropertyTest {
  @Property(tries = 200)
  void tensorsMakeTheRoundTrip(@ForAll("shapes") int[] shape, @ForAll boolean single)
      throws IOException {
    Path any = Files.createTempFile("doppio", ".npy");
    try {
      Tensor tensor = Tensor.zeros(shape);
      Arrays.setAll(tensor.data(), i -> i % 7 == 6 ? Double.NaN : i % 5 == 4 ? -0.0 : 1.5 / i);
      Npy.save(any, tensor, single ? Dtype.F32 : Dtype.F64);
      Tensor read = Npy.load(any);
      assertThat(read.shape()).isEqualTo(shape);
      assertThat(read.data())
          .isEqualTo(
              single ? Arrays.stream(tensor.data()).map(x -> (float) x).toArray() : tensor.data());
    } finally {
      Files.delete(any);
    }
  }

  @Provide
  Arbitrary<int[]> shapes() {
    return Arbitraries.integers().between(0, 4).array(int[].class).ofMaxSize(5);
  }
}
