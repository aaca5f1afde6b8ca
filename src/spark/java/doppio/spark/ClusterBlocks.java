package doppio.spark;

import doppio.model.Registry;
import doppio.nn.Module;
import doppio.train.BlockGradient;
import doppio.train.BlockSource;
import doppio.train.Step;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;

/**
 * Has the blocks of each step computed by executors. Once an epoch its rows go to where they will
 * be needed; a step then costs its numbers out and its blocks back.
 */
final class ClusterBlocks implements BlockSource {
  Registry own = Registry.none();
  private List<Module> modules = List.of();
  private Broadcast<RemoteModel> model;

  /** The batches that have been laid out, from the step of this number on. */
  private List<int[]> batches = List.of();

  private long first;
  private EpochCut cut;
  private Broadcast<int[]> places;
  private JavaRDD<EpochPart> epoch;

  @Override
  public List<BlockGradient> compute(Step step, int rows, long seed) {
    return ClusterJob.run(() -> computed(step, rows, seed));
  }

  private List<BlockGradient> computed(Step step, int rows, long seed) {
    if (!(step.samples() instanceof ClusterSamples data)) {
      throw new IllegalStateException(
          "the gradients come from Spark, but the samples do not: call fit of the SparkTrainer");
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(data.rows().context());
    sendModel(step, context);
    if (!isLaidOut(step)) {
      layOut(step, rows, data, context);
    }
    int batch = (int) (step.number() - first);
    Broadcast<StepState> state = context.broadcast(new StepState(step, batch, seed));
    try {
      return collect(step, batch, new BlockTask(model, state, cut, data));
    } finally {
      state.destroy();
    }
  }

  /** The blocks in their order, from the partitions that have them. */
  private List<BlockGradient> collect(Step step, int batch, BlockTask task) {
    int blocks = cut.blocks(step.size());
    int[] owners = IntStream.range(0, blocks).map(b -> cut.partition(batch, b)).toArray();
    int[] asked = Arrays.stream(owners).distinct().toArray();
    List<BlockGradient>[] came = epoch.mapPartitions(task).collectPartitions(asked);
    BlockGradient[] ordered = new BlockGradient[blocks];
    for (int i = 0; i < asked.length; i++) {
      int next = 0;
      for (int block = 0; block < blocks; block++) {
        if (owners[block] == asked[i]) {
          ordered[block] = came[i].get(next++);
        }
      }
    }
    return List.of(ordered);
  }

  /** Again where a layer was exchanged. */
  private void sendModel(Step step, JavaSparkContext context) {
    List<Module> now = List.copyOf(step.model().namedModules().values());
    if (!now.equals(modules)) {
      RemoteModel packed = new RemoteModel(step.model(), step.loss(), own);
      forgetModel();
      model = context.broadcast(packed);
      modules = now;
    }
  }

  private boolean isLaidOut(Step step) {
    long batch = step.number() - first;
    return batch >= 0
        && batch < batches.size()
        && Arrays.equals(batches.get((int) batch), step.rows());
  }

  private void layOut(Step step, int rows, ClusterSamples data, JavaSparkContext context) {
    forgetEpoch();
    batches = step.upcoming();
    first = step.number();
    cut = new EpochCut(data.rows().getNumPartitions(), step.size(), rows);
    places = context.broadcast(EpochCut.places(batches, data.size()));
    Broadcast<int[]> to = places;
    epoch =
        data.rows()
            .filter(row -> to.value()[(int) row.index] >= 0)
            .keyBy(row -> to.value()[(int) row.index])
            .partitionBy(cut)
            .mapPartitions(EpochPart::of, true)
            .persist(StorageLevel.MEMORY_AND_DISK());
    long unused = epoch.count();
  }

  /** Frees what executors hold. */
  void forget() {
    forgetEpoch();
    forgetModel();
    modules = List.of();
  }

  private void forgetEpoch() {
    batches = List.of();
    if (epoch != null) {
      epoch.unpersist(false);
      places.destroy();
      epoch = null;
    }
  }

  private void forgetModel() {
    if (model != null) {
      model.destroy();
      model = null;
    }
  }

  @Override
  public String toString() {
    return "Spark";
  }
}
