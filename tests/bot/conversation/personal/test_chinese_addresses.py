"""Addresses in Chinese: all of it, and hardly more."""

import pytest

from bot.conversation.masking import mask


@pytest.mark.parametrize(
    "address",
    [
        "浙江省杭州市西湖区文三路478号华星时代广场A座1203室",
        "浙江省 杭州市 西湖区 文三路478号",
        "广东省,深圳市,南山区,高新南一道8号",
        "上海市徐汇区漕溪北路18弄3号501室",
        "北京市朝阳区建国路88号院3号楼2单元1502",
        "北京朝阳建国门外大街1号",
        "西湖区文三路 478 号",
        "文三路478号",
        "文三路四百七十八号",
        "人民路12-3号",
        "中山东一路甲12号",
        "阳光花园3栋2单元501室",
        "万科城市花园12号楼301",
        "张家村3组12号",
        "河南省南阳市卧龙区七一路街道",
        "浙江省杭州市西湖区文三路",
        "台北市信義區市府路45號8樓",
        "臺北市大安區忠孝東路四段100號5樓之3",
        "香港九龍旺角彌敦道688號旺角中心一期12樓A室",
        "新北市板橋區縣民大道二段7號",
    ],
)
def test_an_address_is_found_whole(address):
    for before, after in (
        ("", ""),
        ("，", "，谢谢"),
        ("请寄到", "。"),
        ("我的地址是", "，电话"),
        ("a=", " b"),
    ):
        assert mask(before + address + after) == f"{before}<address>{after}"


def test_two_addresses_in_a_sentence():
    text = "应该是人民路88号，不是解放路68号3栋1202"
    assert mask(text) == "应该是<address>，不是<address>"


def test_a_name_that_runs_on_from_the_sentence_takes_little_of_it_along():
    masked = mask("我今天下午两点钟左右能麻烦客服帮忙改成文三路478号谢谢")
    assert masked == "我今天下午两点钟左右能<address>谢谢"


@pytest.mark.parametrize(
    "sentence",
    [
        "你们杭州市发货吗",
        "浙江省杭州市西湖区可以当天到吗",
        "走路3号到",
        "这条路12号修好",
        "我知道3号发货",
        "3号店有货吗，4楼还是5楼",
        "这栋3楼",
        "订单 XE20260001 第 2 件",
        "超市门口的路",
        "all in English, 12 of them",
        "",
    ],
)
def test_a_place_alone_is_no_address(sentence):
    assert mask(sentence) == sentence
