package doppio.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import doppio.Tensor;
import doppio.nn.Linear;
import doppio.nn.Parameter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What loading allocates, all together, is at most 8 times the file. */
class LoadedMemoryTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int SIZE = 1 << 20;

  /** Loads a file. */
  @FunctionalInterface
  private interface Load {
    Object from(byte[] file) throws IOException;
  }

  @Test
  void aModelFile() throws IOException {
    byte[] file =
        ModelFileTest.saved(
            new Linear(new Parameter(Tensor.zeros(1024, SIZE / 1024)), null), Registry.none());
    assertThat(allocated(ModelFile::load, file)).isLessThan(2L * file.length);
  }

  @Test
  void aTorchFileOfTheNarrowestNumbers() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("x/data.pkl", bytes());
    entries.put("x/data/0", new byte[SIZE]);
    byte[] unpacked = Pickle.zip(entries);
    // Packed, zeros take next to nothing: the entry's length is what counts.
    assertThat(unpacked.length).isLessThan(SIZE / 100);
    assertThat(TorchFile.load(unpacked).get("x").size()).isEqualTo(SIZE);
    assertThat(allocated(TorchFile::load, unpacked)).isLessThan(8L * SIZE + SIZE / 2);
  }

  private static byte[] bytes() {
    return new Pickle()
        .dict()
        .text("x")
        .global("torch._utils", "_rebuild_tensor_v2")
        .op('(')
        .storage("ByteStorage", "0", SIZE)
        .number(0)
        .tuple(SIZE)
        .tuple(1)
        .op('t', 'R', 'u', '.')
        .bytes();
  }

  /** The second time, when all classes are there. */
  private static long allocated(Load load, byte[] file) throws IOException {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 2; i++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      Object loaded = load.from(file);
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
      assertThat(loaded).isNotNull();
    }
    return least;
  }
}
