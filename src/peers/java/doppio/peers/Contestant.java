package doppio.peers;

import static org.bytedeco.pytorch.global.torch.set_num_threads;

import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Who is measured, and how a JVM is told. */
enum Contestant {
  LIBTORCH("libtorch"),
  LIBTORCH_FLOAT32("libtorch, float32"),
  DOPPIO_VECTOR("Doppio, option"),
  DOPPIO("Doppio, no option");

  private final String title;

  Contestant(String title) {
    this.title = title;
  }

  Job job(Workload w, int threads) {
    if (isOurs()) {
      return DoppioJobs.of(w);
    }
    set_num_threads(threads);
    ScalarType type = this == LIBTORCH ? ScalarType.Double : ScalarType.Float;
    return TorchJobs.of(w, new TorchTensors(type));
  }

  boolean isOurs() {
    return this == DOPPIO || this == DOPPIO_VECTOR;
  }

  /** How far its results may be from the others', as a part of them. */
  double tolerance() {
    return this == LIBTORCH_FLOAT32 ? 1e-3 : 1e-9;
  }

  /** The options of its JVM. */
  List<String> options(int threads) {
    return switch (this) {
      case DOPPIO -> List.of("-Ddoppio.kernels=scalar", "-Ddoppio.threads=" + threads);
      case DOPPIO_VECTOR ->
          List.of(
              "--add-modules",
              "jdk.incubator.vector",
              "-Ddoppio.kernels=vector",
              "-Ddoppio.threads=" + threads);
      // MKL in the place of OpenBLAS; memory is given back by hand, which is faster.
      default ->
          List.of("-Dorg.bytedeco.openblas.load=mkl_rt", "-Dorg.bytedeco.javacpp.nopointergc=true");
    };
  }

  /** What it finds in its environment. */
  Map<String, String> environment(int threads) {
    if (isOurs()) {
      return Map.of();
    }
    String count = Integer.toString(threads);
    String large = Long.toString(1L << 33);
    return Map.of(
        "OMP_NUM_THREADS",
        count,
        "MKL_NUM_THREADS",
        count,
        // glibc keeps the memory of a step for the next, instead of asking the system each time.
        "MALLOC_TRIM_THRESHOLD_",
        large,
        "MALLOC_MMAP_THRESHOLD_",
        large,
        "MALLOC_TOP_PAD_",
        Integer.toString(1 << 26));
  }

  /** Its name in the table. */
  @Override
  public String toString() {
    return title;
  }
}
