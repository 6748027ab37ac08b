#include "engine/built_in_games.h"

#include <string_view>

#include "base/error.h"

namespace ponnuki {
namespace {

// clang-format off
constexpr BuiltInGame kGames[] = {
  {19, 19, 7.5f,
   "pdcddqpqdopoecdcedcficjqpfplqjcmhqboocjookjdidjeiejfolpmnnifopppjcldmpkmlhgfdecejhkchoimkkmllmllklnm"
   "omlnjmknmnmmpnqnonjljkilikglmjeggdrlgjejfgffeheffkdldhcpdpcqcgebfbdbinjnemhegckbhblqrknbobmghggghffh"
   "fieicjekbhgibfhjmelehhlgmbmhmikhliohkgkfjgmcnclbnamdphbeblbmcldmcrbrdrafbjckbkdicipiogaidkbgdjfjahqh"
   "pgqinhqkpkqlpjrjriskrhnrelgkbsaramenbncncoandnalfnhririqgrhpgqjrhsgeipiogpfmeoflenneakapambnmqmrlpkq"
   "hnoepengoijbibhdfdoqijnpoonqmolkhihkljigihhmsisjagbfeadafaddeejsislamajagniahanknjnldfdgchofghndfefi"
   "hcfgbcbbabbacbadacbdcccaalkpmklmlojphpkogmbqodascsnoojmfki"},
  {7, 7, 9.0f,
   "ddcdccdeedcebceefefffdbdgffgadaeacbfgeefgg"},
  {8, 8, 10.0f,
   "eddeeedddcccdfecdbcfefcbebfcfbgdgcfdgbcgdggffgggghdhehchffgehdhghecadacdfe"},
  {9, 9, 7.0f,
   "fddffgdcddcdecdeedcbdbccdhgeffgcgdhdhehfhciehbfeeeefgfheebghhghhggigfhchcgehegdgeibgihiigicidigbgaha"
   "iafafbhafcibgagbgcic"},
  {10, 10, 7.5f,
   "gddgggdddceccccdebfcfbgchcgbhbfabdbebceedahegehfgfhdhgidicjbifjddhehegchdieicicgfhbifiefejadacaebjbh"
   "fdedbajcjfgaeafffgieigaijehafeajcjib"},
  {11, 11, 7.5f,
   "hddhhhddcfdfdeceeecddgefegffcgfgfhehchcibidibjghfigifjhggjhifcecfdbfbgagbhjdiejeificjhihjijgjfkfigkg"
   "iihjijhkgfggfeejcjdjdkfkckgkhheihbibjbjakbkekcgbfbhcgchacbebfadbgaihidjchhhbihhf"},
  {12, 12, 7.5f,
   "iddiiiddcccddcedfcfjfdecebfbdbfegeffgfgghghhigghihjcicjdkejekfjfjgibhbgbhchagckbkdkcjakaiajbiaikbdbe"
   "bccfjjjkhjhkgjgkfieigifhkkijhikjjikikhlkeeefehfgdfdedgcgejfkchciaeafadbglikllhljlb"},
  {13, 13, 7.5f,
   "jdddjjdjcccddcedfckkkjjkijhlfdecebfbdbfegeffhdgfhfhgifkckdgjckcjdkbkblbjflekeljcicibhbalhkgkglilcldm"
   "fkfjejeididhfieklkllejcigiekljejmlklgmemdljmhjldlelbmdmclcbcbbldhmlmlcgcgdldimiklcbdmbigjgfhhhihjhgh"
   "hiabbaggiiacmkaacabmmmcmkbfmjb"},
  {14, 14, 7.5f,
   "kddddkkkllkllkkjljkiliflcccddcedfccididhcjeidjchfkgkelfjekglkhlcldkcjcjbibicjdhbkbialbecebfbgbdbfacb"
   "hdhcgdidiehegehfgfhgjfgggcjhjgcldmbkbjcmbmbnamakajfmdncnblandlalbmejckffihjiigifjegahalhkggabcbbhalm"
   "mmgafgfhhamcibkmegefghdghhmnmlmhmimfmelflgmgnfbiblninjmknhngleninmnkmjnekfndmdmbmancjaehgghjla"},
  {15, 15, 7.5f,
   "lddddlllmmlmmllkmkljmjfmlikikhjijhiicclhmicddcedecfdfccjekcmdmclglgmhlhmdjcidiflgjfkfjihjffhehfgchbh"
   "cgbgegfiffgfgefeefhfgdcfdfbeencniminiljnjkeiejdhhhhigihgghggigiekjjekfkelflememfmgifjgmdnfmclnknmnho"
   "icjcjbkbibdgkclcjdkdkmbcbbabcbnemfjmkljlkkgkhjjcndncoeidhddnemfnocobodeonbmboajaiakahklomokockbkdkma"
   "banaobacaahehceljjdeijeelg"},
  {16, 16, 7.5f,
   "mddmnmdclmdecncmdnemfoncndmcldkbdfcfcgdgefchcebgddeeedfeccbecdfdfcgcfbmhkgnkkcjblblcocmbnblaohngogni"
   "nfkigmmfoefngneoenfmhofpgobndodpepkllllkkmjlgkjmjninjogbbodbecbbcbbcbdadbaacfadagdgfabaegeffidichfhg"
   "ifigggegjgiihiihikjdjehdjjkjjijhkhghijhhmjkekdielflemejfmgomonnnolmmnlmlmnmknohlglhkhjgjgihefjdjbmbl"
   "anobpboaalbkakajamekfhkflgfgejeibjcjaibiajahfiehfkelpcflpanajccagp"},
  {17, 17, 7.5f,
   "oddncdnnmddddcceccedbecfbfcgfcfdgcgdhdheieifidhfooonnomomplolpkokpjonikfdmcnemcmdkfnclfmflglfkgkfjng"
   "eneofogofpepgphododpbmbngjkdkcjclcjdjekehbnejfjgkgibhcmendjhgmgnhmilikhllikhjlimiijjjikikjljkkpnpolk"
   "llmimkmjnjmhnlmmmlpepdjpblfhbocoanbpdhchehfgoeofplpgpikblbqdqcqepbcijqiqkqhpphhjhihkijbjfighgibgqgpf"
   "kajbjminaoapamafbdqoqpqnopegdjqlqkqmldpkokqjpjecebleqkdbfbpkcpcqqkohlmpklnmnqkdieipkdgdfqkaeadagcbpk"
   "ipioqkjalapkhqgqqkbkqioiojnhhhhg"},
  {18, 18, 7.5f,
   "pdpococdndepoooppnppecdncndmclondecedfcgojlcjcocncnbpcpbodobmcmbkblbkeleldkdmdjdkcicibhchbqcqdqbjeid"
   "gcieifjfkfhfjgigihjfjhgdfbhhifhgomnonmpmplqnqlhjjkjjkjijkkkilikhjikajbdbdcccfdgedpdocpddedebfffeeedg"
   "egehfhfigaeqeidhgifjghhigjgkfkejhkglekdjfgikhlilhmimhnflinjnjmjlkmkllmlllhmmmnmljonnelfmckgohphoiogp"
   "hqkpgqkofnemgneojqjpipirkqlqfqfrdqkrcmiqfpfodlkncididrergrcfnkljkgmjnirdrercqfcjbjbiaibhbkqmrlahajea"
   "facbennjokmimhkikhlkkinloljaialarmrngmjfhrjrifoinhpiqjqirirhrjqgpjqkphpgohqhpfogngrkpk"},
  {9, 9, 7.0f,
   "eecedcgeffgfcgcccbddeddbecbbgghghhghfgihhigihfiihegdhdgchchbhhhiificigidhhebhgcffbfcbgdgdfbfdecdeaca"
   "gbgaibiaagfaafaedhib"},
  {9, 9, 7.0f,
   "eecedcgedgcgchdfefcccbddeddhegbhdecdcfbgbfdbecbbebcahfgfggehfhhehggbgchcgdhdfbgaibhbiafdfcieiceafabe"
   "afcifeaefgfigieidfda"},
  {9, 9, 7.0f,
   "fddffgdcddcdecdeedccegdgdbgefegfhdffefeegghghhehfhfighdhcbhfihgiigifgdhibbbdbcadheiiacieidcecgchebbg"},
  {9, 9, 7.0f,
   "eecedcgeffgfcgcccbddecedfdfedecdfgfcfbgdgbbbdbggfhghcffieigidhefdfhchbibgchdbabdabacbcegehbbfdaacabf"
   "bgabaffcbefdhaadaeic"},
  {9, 9, 7.0f,
   "fddfefeefeegffdcdgcgdhcfehfbgbgcfchbebgacccdddbccbbdhdhcdebbeafacachgddieifgfhggghhghhceedidieichfci"
   "baabigaadbiagf"},
  {9, 9, 7.0f,
   "fddfffdcdgcgegcfecdddbgefecbebgggfhfhehhfhiehdghigifgihiihfgehefchbhbidibgdhahfiidbfhgeicicaafaeagbd"
   "eededaedii"},
  {13, 13, 7.5f,
   "jddjjjddcccddcedfbkkkjjkijhlhkgliliklkhjgkjlfkhillflekfielimckcjbkbjeiejfjfhajaiakbhjgemdmdkdlbmblcm"
   "amalclgjgdbcbbbdhffcgcebecfddbgehegfggfgihhgighhabiijilmkmklmmaclmjmgbdiljeheaghkc"},
  {13, 13, 7.5f,
   "jddjjjddcccddcedfckkkjjkijhkfdecebfbgbdbfacbckcjdkfkikilhlgljlhmklbjfflkllhihjgjgighfifhhheiiikckdld"
   "lelbmdmclcljlildbcbblcfjmbggdfhgigheeebdhfgfifgefehcichbhdgdgcidibhaeghigigacgdhiahdbececfacbhbfbgaf"
   "bkeldlakalajbmekdmjmkmimmjiejeemhifijcdableafbdeefae"},
  {13, 13, 7.5f,
   "jdddjjdjcccddcedecfdfckkkjjkijhkikilhlgljlhmkllkllhjgdiijhgehdhgckcjbjbiblajakbkigifbjljlibkhehfbjlh"
   "khbkjfihbjmikibkbdbebjmllgbkfegfbjkcaibhjbjcibichckbkdldlemdlblcmbdlclbcbbaddkelekejfkflfjfigifhgjjg"
   "kgjekekflfidiehbgciagbjalamcibhagaahajabbahighfgjfjm"},
  {19, 19, 7.5f,
   "qddcpqcpodepddcdceccpodiedfcdffdfegeffgffgdkgdgchdiehcjchehfifghecebhbfbjeidkcjdjbkdlcibicldmdkbiaig"
   "jfmclbmbkacgeiejfijglendmeneochjfjfkdhchhiiihhhggiijdgbegkflcidjcfbfbibhglgmilgjhmhlhkikhljlhnjmjoio"
   "injnfmemfnenfoipeodofpeqfqkoelekdndmerdrcncmdqdpcqfrbpescoerbmblcldlbkckalbnclbohqiqhphogogqhrgrgpir"
   "hsimgnispiqkqmriqhrhrgqgrfpjoiqiphojninjminqlkpmqnqlkjihomplmpmqlplqkpjpornponmookolnknlmknmrlrkrmgg"
   "fheedeefegnrkgkhlglhmhmjlikkljllnnmnmlmmpkqjopnooonsosgagboqprdbsksjslshjjjksggsjijhpnfahaki"},
  {19, 19, 7.5f,
   "qddcpqcppodeodepgqiqdqeqerdpcrcqdrgpfqhphrcjdkdjekejfkgifpfogofnhoiogmcliminhmknklmqkqirlpkrlrlqjrkp"
   "ksjqdndmemcnenoqckbkbjblbichcidhopnqprhqgriskojplnbrbsbqfsqjqlqgjchcrfqfrgqhqenhmrnrnsosmsormpkrcobo"
   "kqjsnpkrpslsojnfmemflepknimhpirhmikhlikfjerkrlheqkpjrjriskohoiqihbgbibfcifkihfkjlkljmjolnlomiiijhjhi"
   "ihikhkkklllflhjfieighhhgggjgghfigelgdieiehbhfhaieoffgfeggjajfeeedlcmnmonpnsgreoepenendpfhdkekdnnmnnk"
   "okplpmphmkgcicjolofddoilhljljmjnkmhsgshaiagasfhngnjinoarfgefsjshfjjhooascsgdsi"},
  {10, 14, 7.5f,
   "gdgkdddkhkhlhjilgjfkejfjfieifhdicjdjckcicmdlbibhbjclbldmbmhchdgcecidieicfbgbhffcebfdcfffgfgehefefgdf"
   "cgdececdccbdbceddchhiiihdghiijgighjiigjjhgjhefibhagaiajdjbchdnencnfmeebgbfehegfajgikeaaiajahafjejfdh"
   "agekbe"},
  {9, 13, 7.5f,
   "edejgjcjcdgcgeebdkekdjdickcieielbkbjehblalclhchbhddccccbbbbaddbcecdbglcgbdabdgfjfidhdfgihjcfegibfcgb"
   "fbfaaggdbhdlchfehefdffeedeadaeacaiakflbibfgkfkfmgmemichlhkhmgkhiilijimiigh"},
  {19, 10, 7.5f,
   "pdddpgdgccdccdcfjdjgbehdlgcbbbdbchbfeiqcpcqdqfqeperfrgfhehfgfigiredhdibhegefghhiihhhigifhggghfieiikh"
   "jfjekfkeffgfgjhjijfjgefehegdidkdkclckbldlbjhcgdfbibgmclfmdkgbanhmgoimimhlhlikijiljrdsfrbscpbsdnbocob"
   "sbmbibhbhcgcicgblajajbiamahanaoaqaqbrakamfmeneleceadaeacabjjncnfngofogoendafdeeebcca"},
  {7, 11, 7.5f,
   "dddhdicieicjegehfhdgeffifjfggidccceccbdeedeefdcefffegedfggcdfcbcbbbddjgdgcebfbabckbkdkbaeabjcaacaafa"
   "dbbachaabhbgaj"},
  {17, 19, 7.5f,
   "ncdcdqnqnedpcpeqcqdenpopmqoqnomrlqlrjqondoepeogpfoipjpiokniqkrcncocjirhrfpfqgoimgqgrhphqklikidnnmnmm"
   "lmmololnhlilmnmdndlncdddmnclmllncemncgccjninjjlkkkllkmljflijjigjoinjojnkmhlhmilijglfmglghhfifgegehdg"
   "dhfhcidjffeebjbkbhajbidibcbbbdbfcfacaiagbgaeadabgceichafebdbeccamperdrokesfrhsgsisksjrkojolpiifkglhi"
   "ghelemdlkdpkmefegegdfdgfhdgghfefpjhgigniohookqbobpbnqkqlqjpmlekfjfeafbgiihgnfngmfmdnbrdmnhmjfalsmfda"
   "keaoapakgphkhokhgkbekjdfahafkgbfjsnrenhnhmloedkpjkjlkijmjhhjdsfsjeaeagbemcnlldmkekfj"},
  {12, 5, 7.5f,
   "icdcfcjcjbidhckbkcjdkakdlbgdfdhdcccdddeddbdeecddbccbbbebcagcfbfegbbdadbeldkeaclelcaeea"},
};
// clang-format on

}  // namespace

GameState BuiltInGame::start() const {
  Rules rules;
  rules.komi = komi;
  return GameState(Board(xSize, ySize), Color::Black, rules);
}

std::vector<Move> BuiltInGame::moveList() const {
  const std::string_view text = moves;
  std::vector<Move> list;
  for (size_t i = 0; i + 1 < text.size(); i += 2)
    list.push_back({pointAt(text[i] - 'a', text[i + 1] - 'a', xSize), i % 4 == 0 ? Color::Black : Color::White});
  return list;
}

std::span<const BuiltInGame> builtInGames() { return kGames; }

const BuiltInGame& benchmarkGame(int size) {
  for (const BuiltInGame& game : kGames)
    if (game.xSize == size && game.ySize == size) return game;
  throw UserError("There is a built-in game for boards of 7x7 to 19x19 only; use -sgf for other sizes");
}

}  // namespace ponnuki
